//! What was at work before a change that nginx has yet to take. nginx reads the change as a whole only when it is in place, and
//! may refuse it; should all of us be killed by then, the next start must not begin with what nobody has taken.

use std::path::{Path, PathBuf};

use crate::model::Outcome;
use crate::platform::files;

/// What its name ends with. nginx includes what ends with `.conf`.
const ENDING: &str = ".before";

/// Keeps what is at work beside itself; an empty file says that nothing was.
///
/// # Errors
/// When the folder does not take it.
pub fn keep(path: &Path) -> Outcome {
    let before = before(path);
    if files::exists(path) { files::link(path, &before) } else { files::write_as_root(&before, b"", 0o644) }
}

/// Puts it back. Nothing where none is kept.
///
/// # Errors
/// When it cannot be renamed or removed.
pub fn put_back(path: &Path) -> Outcome {
    let before = before(path);
    match files::read(&before)? {
        Some(bytes) if bytes.is_empty() => drop(files::remove(path)?),
        Some(_) => files::rename(&before, path)?,
        None => return Ok(()),
    }
    // Two names of one file are both still there after a rename.
    forget(path)
}

/// Keeps it no longer.
///
/// # Errors
/// When it cannot be removed.
pub fn forget(path: &Path) -> Outcome {
    files::remove(&before(path)).map(drop)
}

/// Puts back all that a folder keeps.
///
/// # Errors
/// When the folder cannot be read, or one cannot be put back.
pub fn put_all_back(folder: &Path) -> Outcome {
    for name in files::names(folder)?.iter().filter_map(|name| name.strip_suffix(ENDING)) {
        put_back(&folder.join(name))?;
    }
    Ok(())
}

fn before(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ENDING);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_comes_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        let read = |name: &str| files::read_text(&at(name)).expect("readable");
        files::write_as_root(&at("shop.conf"), b"old", 0o644).expect("writable");
        keep(&at("shop.conf")).expect("kept");
        keep(&at("cafe.conf")).expect("kept");
        files::write_as_root(&at("shop.conf"), b"new", 0o644).expect("writable");
        files::write_as_root(&at("cafe.conf"), b"new", 0o644).expect("writable");
        put_all_back(folder.path()).expect("put back");
        assert_eq!((read("shop.conf").as_deref(), read("cafe.conf")), (Some("old"), None));
        assert_eq!(files::names(folder.path()).expect("readable"), ["shop.conf"]);
    }

    #[test]
    fn what_was_not_yet_changed_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("shop.conf");
        files::write_as_root(&path, b"old", 0o644).expect("writable");
        keep(&path).expect("kept");
        put_all_back(folder.path()).expect("put back");
        assert_eq!(files::names(folder.path()).expect("readable"), ["shop.conf"]);
        keep(&path).expect("kept");
        forget(&path).expect("forgotten");
        put_back(&path).expect("nothing to do");
        assert_eq!(files::read_text(&path).expect("readable").as_deref(), Some("old"));
    }
}
