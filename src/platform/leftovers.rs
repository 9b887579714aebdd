//! What writes that were killed leave: temporary files under names that nobody looks for.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};

use super::files::TEMPORARY;

/// How old such a file is before it goes, in seconds: no write takes as long.
pub const OLD: i64 = 3600;

/// How many letters and digits end the name of a temporary file.
const RANDOM: usize = 6;

/// Folders to sweep, and how much may be looked at.
#[derive(Debug)]
pub struct Sweep {
    now: i64,
    left: usize,
    removed: usize,
}

impl Sweep {
    /// Begins one that looks at so many names at most; `now` is in seconds of the epoch.
    pub fn begin(now: i64, at_most: usize) -> Self {
        Sweep { now, left: at_most, removed: 0 }
    }

    /// How many files went.
    pub fn removed(&self) -> usize {
        self.removed
    }

    /// Removes temporary files of killed writes from a folder, and from those so many levels below it. Symlinks in it
    /// are not followed. What cannot be read or removed stays.
    pub fn folder(&mut self, folder: &Path, levels: usize) {
        let mut folders = vec![(folder.to_owned(), levels)];
        while let Some((folder, levels)) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                if self.left == 0 {
                    return;
                }
                self.left -= 1;
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_dir() && levels > 0 {
                    folders.push((entry.path(), levels - 1));
                } else if kind.is_file() && entry.file_name().to_str().is_some_and(is_temporary) {
                    self.file(entry.path());
                }
            }
        }
    }

    fn file(&mut self, path: PathBuf) {
        if self.is_abandoned(&path) && fs::remove_file(path).is_ok() {
            self.removed += 1;
        }
    }

    /// Old, and locked by no writer.
    fn is_abandoned(&self, path: &Path) -> bool {
        let Some(file) = open(path) else { return false };
        let is_old = file.metadata().is_ok_and(|found| self.now - found.mtime() >= OLD);
        is_old && flock(&file, FlockOperation::NonBlockingLockExclusive) != Err(rustix::io::Errno::WOULDBLOCK)
    }
}

fn open(path: &Path) -> Option<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).ok()?;
    OpenOptions::new().read(true).custom_flags(flags).open(path).ok()
}

fn is_temporary(name: &str) -> bool {
    name.strip_prefix(TEMPORARY)
        .is_some_and(|rest| rest.len() == RANDOM && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::super::files;
    use super::*;

    /// A file that a killed write left at this path, and when that was.
    fn leave(path: &Path) -> i64 {
        files::write(path, b"half", 0o600).expect("written");
        files::modified_at(path).expect("there")
    }

    #[test]
    fn what_killed_writes_left_goes_after_an_hour_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |path: &str| folder.path().join(path);
        let others =
            [".dokku-probe", ".dokku-abcdefg", ".dokku-abc-ef", "dokku-abcdef", "value", ".dokkuabcdef"];
        let time = leave(&at(".dokku-Abc012"));
        leave(&at("nginx/shop/.dokku-Abc012"));
        leave(&at("nginx/shop/deep/er/.dokku-Abc012"));
        leave(&at("elsewhere/.dokku-Abc012"));
        for other in others {
            leave(&at(other));
        }
        std::os::unix::fs::symlink(at("elsewhere"), at("nginx/link")).expect("a link");
        std::os::unix::fs::symlink(at("value"), at(".dokku-linked")).expect("a link");
        files::create_folders(&at(".dokku-folder"), 0o755).expect("a folder");

        let sweep = |now, at_most| {
            let mut sweep = Sweep::begin(now, at_most);
            sweep.folder(folder.path(), 0);
            sweep.folder(&at("nginx"), 2);
            sweep.removed()
        };
        assert_eq!(sweep(time + OLD - 1, 1_000), 0, "it may still be written");
        assert_eq!(sweep(time + OLD + 5, 0), 0, "no more is looked at than was said");
        assert_eq!(sweep(time + OLD + 5, 1_000), 2);
        for gone in [".dokku-Abc012", "nginx/shop/.dokku-Abc012"] {
            assert!(!files::exists(&at(gone)), "{gone}");
        }
        let kept =
            ["nginx/shop/deep/er/.dokku-Abc012", "elsewhere/.dokku-Abc012", ".dokku-linked", ".dokku-folder"];
        for kept in others.iter().chain(&kept) {
            assert!(files::exists(&at(kept)), "{kept}");
        }
    }

    #[test]
    fn a_living_write_keeps_its_file_whatever_the_clock_says() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(".dokku-Abc012");
        let time = leave(&path);
        let writer = File::open(&path).expect("there");
        flock(&writer, FlockOperation::NonBlockingLockExclusive).expect("free");
        let sweep = || {
            let mut sweep = Sweep::begin(time + 10 * OLD, 10);
            sweep.folder(folder.path(), 0);
            sweep.removed()
        };
        assert_eq!(sweep(), 0);
        drop(writer);
        assert_eq!(sweep(), 1);
    }
}
