//! Locks that die with their holder.
//!
//! `flock` on files that are never replaced: a lock file is created once and only locked and
//! rewritten afterwards, so two processes always lock the same inode. Only an app that is destroyed takes its lock
//! files along; whoever has waited for one then takes the new one. Close-on-exec comes with std.
//!
//! Holders lock exclusively. Who only asks for the holder locks for sharing, for a moment: that cannot be
//! taken for a holder, neither by another who asks nor by `try_take`.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::files;
use crate::model::{Context, Outcome};

/// A held lock. Dropping it, or the death of the process, lets it go.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock, waiting as long as it takes.
    ///
    /// # Errors
    /// When the lock file cannot be created or locked.
    pub fn take(path: &Path) -> Outcome<Self> {
        loop {
            let file = open(path)?;
            flock(&file, FlockOperation::LockExclusive)
                .context(|| format!("cannot lock {}", path.display()))?;
            if is_current(&file, path) {
                return Ok(Lock { file, path: path.to_owned() });
            }
        }
    }

    /// Takes the lock if nobody holds it.
    ///
    /// # Errors
    /// When the lock file cannot be created or locked. A lock held by another is not an error but `None`.
    pub fn try_take(path: &Path) -> Outcome<Option<Self>> {
        let file = open(path)?;
        loop {
            if at_once(&file, FlockOperation::NonBlockingLockExclusive, path)? {
                if !is_current(&file, path) {
                    return Lock::try_take(path);
                }
                return Ok(Some(Lock { file, path: path.to_owned() }));
            }
            if !at_once(&file, FlockOperation::NonBlockingLockShared, path)? {
                return Ok(None);
            }
            at_once(&file, FlockOperation::Unlock, path)?;
            // Nobody held it but some who asked; they are gone in a moment.
            std::thread::yield_now();
        }
    }

    /// Writes into the lock file who holds it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn say(&mut self, holder: &str) -> Outcome {
        let path = &self.path;
        let file = &mut self.file;
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .context(|| format!("cannot write {}", path.display()))
    }
}

impl Drop for Lock {
    /// A child that is just being started holds our open files for a moment: closing ours alone would leave the
    /// lock with it. What cannot be unlocked goes with the file.
    fn drop(&mut self) {
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

/// False for a file that was removed, with its app's folder, while we waited for its lock: the next one who comes
/// locks another.
fn is_current(file: &File, path: &Path) -> bool {
    let number =
        |found: std::io::Result<std::fs::Metadata>| found.map(|found| (found.dev(), found.ino())).ok();
    number(file.metadata()) == number(std::fs::metadata(path))
}

/// What the holder of the lock file wrote into it, if somebody holds it now.
///
/// # Errors
/// When the file exists and cannot be read.
pub fn holder(path: &Path) -> Outcome<Option<String>> {
    if !files::exists(path) {
        return Ok(None);
    }
    let mut file = File::open(path).context(|| format!("cannot read {}", path.display()))?;
    if at_once(&file, FlockOperation::NonBlockingLockShared, path)? {
        at_once(&file, FlockOperation::Unlock, path)?;
        return Ok(None);
    }
    let mut text = String::new();
    file.read_to_string(&mut text).context(|| format!("cannot read {}", path.display()))?;
    Ok(Some(text.trim().to_owned()))
}

/// True when the lock was granted without waiting.
fn at_once(file: &File, operation: FlockOperation, path: &Path) -> Outcome<bool> {
    match flock(file, operation) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error).context(|| format!("cannot lock {}", path.display())),
    }
}

fn open(path: &Path) -> Outcome<File> {
    if let Some(folder) = path.parent() {
        files::create_folders(folder, 0o755)?;
    }
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o644)
        .open(path)
        .context(|| format!("cannot open the lock file {}", path.display()))?;
    files::give_to_dokku(path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn asking_for_the_holder_never_makes_the_lock_look_taken() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.flock");
        drop(Lock::take(&path).expect("free"));
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        holder(&path).expect("an answer");
                    }
                });
            }
            let failed = (0..5_000).filter(|_| Lock::try_take(&path).expect("an answer").is_none()).count();
            is_over.store(true, Ordering::Relaxed);
            assert_eq!(failed, 0, "tries that found the lock taken though nobody held it");
        });
    }

    #[test]
    fn the_holder_is_told_as_long_as_it_holds() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.flock");
        assert_eq!(holder(&path).expect("an answer"), None, "nobody has made the file");
        let mut lock = Lock::take(&path).expect("free");
        lock.say("build-1").expect("writable");
        assert_eq!(holder(&path).expect("an answer").as_deref(), Some("build-1"));
        assert!(Lock::try_take(&path).expect("an answer").is_none());
        drop(lock);
        assert_eq!(holder(&path).expect("an answer"), None);
        assert!(Lock::try_take(&path).expect("an answer").is_some());
    }
}
