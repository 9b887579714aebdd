//! Logs that never grow without bound: a full one gets a number, and the oldest goes.

use std::path::{Path, PathBuf};

use super::files;
use super::lock::Lock;
use crate::model::Outcome;

/// How many old logs are kept.
const KEPT: u32 = 7;

/// Sets a log aside as `LOG.1` once it is larger than so many bytes; those before it move on by one. Of several
/// processes that see it full one does it, by the lock of that path.
///
/// # Errors
/// When the lock cannot be taken, or a file not renamed.
pub fn when_larger(path: &Path, bytes: u64, lock: &Path) -> Outcome {
    if size(path) <= bytes {
        return Ok(());
    }
    let _lock = Lock::take(lock)?;
    if size(path) <= bytes {
        return Ok(());
    }
    files::remove(&numbered(path, KEPT))?;
    for number in (1..KEPT).rev() {
        let old = numbered(path, number);
        if files::exists(&old) {
            files::rename(&old, &numbered(path, number + 1))?;
        }
    }
    files::rename(path, &numbered(path, 1))
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    path.with_added_extension(number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_log_is_set_aside_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (path, lock) = (folder.path().join("events.log"), folder.path().join("lock"));
        for turn in 0..10 {
            files::append(&path, &format!("turn {turn}, which is long enough\n"), 0o644).unwrap();
            when_larger(&path, 10, &lock).unwrap();
        }
        let names = files::names(folder.path()).unwrap();
        assert_eq!(names.iter().filter(|name| name.starts_with("events.log.")).count(), 7, "{names:?}");
        let newest = files::read_text(&numbered(&path, 1)).unwrap().unwrap();
        assert!(newest.starts_with("turn 9"), "{newest}");
        files::append(&path, "short\n", 0o644).unwrap();
        when_larger(&path, 10, &lock).unwrap();
        assert_eq!(files::read_text(&path).unwrap().as_deref(), Some("short\n"));
    }
}
