//! Logs of nginx, kept from growing without end.

use std::path::Path;

use super::super::files;
use crate::model::{Context, Outcome};

/// A log longer than this is put aside.
const LONGEST: u64 = 16 * 1024 * 1024;

/// How many are kept beside the one that is written.
const KEPT: u32 = 2;

/// Puts logs that are too long aside, as `NAME.1`, `NAME.2`. Tells whether nginx must open its logs anew.
///
/// # Errors
/// When a file cannot be renamed.
pub fn rotate(folder: &Path) -> Outcome<bool> {
    let mut has_moved = false;
    for name in files::names(folder)?.iter().filter(|name| name.ends_with(".log")) {
        let path = folder.join(name);
        let length = std::fs::metadata(&path).context(|| format!("cannot read {}", path.display()))?.len();
        if length < LONGEST {
            continue;
        }
        let numbered = |number: u32| folder.join(format!("{name}.{number}"));
        for number in (1..KEPT).rev() {
            if files::exists(&numbered(number)) {
                files::rename(&numbered(number), &numbered(number + 1))?;
            }
        }
        files::rename(&path, &numbered(1))?;
        has_moved = true;
    }
    Ok(has_moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_put_aside_and_old_ones_go() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.log");
        for _ in 0..4 {
            let file = std::fs::File::create(&path).expect("a file");
            file.set_len(LONGEST).expect("a length");
            assert!(rotate(folder.path()).expect("renamed"));
        }
        std::fs::write(&path, "short").expect("writable");
        assert!(!rotate(folder.path()).expect("nothing to do"));
        assert_eq!(files::names(folder.path()).expect("readable"), ["a.log", "a.log.1", "a.log.2"]);
    }
}
