//! Symlinks by the folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, openat, readlinkat};
use rustix::io::Errno;

use crate::model::{Context, Outcome};

/// The symlinks in a folder, each with where it leads as it says itself. Their paths are not walked one by one, which is
/// most of what reading a link costs. A folder that is not there has none.
///
/// # Errors
/// When the folder cannot be read.
pub fn of_folder(folder: &Path) -> Outcome<BTreeMap<String, PathBuf>> {
    let what = || format!("cannot read the folder {}", folder.display());
    let opened =
        match openat(CWD, folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(BTreeMap::new()),
            opened => opened.context(what)?,
        };
    let mut found = BTreeMap::new();
    for entry in Dir::read_from(&opened).context(what)? {
        let entry = entry.context(what)?;
        // Some file systems do not say what an entry is; what is no link has no target.
        if !matches!(entry.file_type(), FileType::Symlink | FileType::Unknown) {
            continue;
        }
        if let Ok(target) = readlinkat(&opened, entry.file_name(), Vec::new()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            found.insert(name, PathBuf::from(OsString::from_vec(target.into_bytes())));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::files;

    #[test]
    fn each_link_says_where_it_leads_and_nothing_else_is_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        files::write(&at("file"), b"", 0o644).expect("writable");
        files::create_folders(&at("folder"), 0o755).expect("writable");
        files::symlink("../nowhere", &at("dangling")).expect("a link");
        files::symlink("/etc", &at("absolute")).expect("a link");
        let found = of_folder(folder.path()).expect("readable");
        let found: Vec<_> = found.iter().map(|(name, target)| (name.as_str(), target.to_str())).collect();
        assert_eq!(found, [("absolute", Some("/etc")), ("dangling", Some("../nowhere"))]);
        assert!(of_folder(&at("none")).expect("none is empty").is_empty());
        assert!(of_folder(&at("file")).is_err());
    }
}
