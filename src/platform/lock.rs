//! Locks that die with their holder.
//!
//! `flock` on files that are never replaced: a lock file is created once and only locked and
//! rewritten afterwards, so two processes always lock the same inode. Close-on-exec comes with std.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
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
        let file = open(path)?;
        flock(&file, FlockOperation::LockExclusive).context(|| format!("cannot lock {}", path.display()))?;
        Ok(Lock { file, path: path.to_owned() })
    }

    /// Takes the lock if nobody holds it.
    ///
    /// # Errors
    /// When the lock file cannot be created or locked. A lock held by another is not an error but `None`.
    pub fn try_take(path: &Path) -> Outcome<Option<Self>> {
        let file = open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Lock { file, path: path.to_owned() })),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error).context(|| format!("cannot lock {}", path.display())),
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

/// What the holder of the lock file wrote into it, if somebody holds it now.
///
/// # Errors
/// When the file exists and cannot be read.
pub fn holder(path: &Path) -> Outcome<Option<String>> {
    if !files::exists(path) {
        return Ok(None);
    }
    let mut file = File::open(path).context(|| format!("cannot read {}", path.display()))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(None),
        Err(rustix::io::Errno::WOULDBLOCK) => {
            let mut text = String::new();
            file.read_to_string(&mut text).context(|| format!("cannot read {}", path.display()))?;
            Ok(Some(text.trim().to_owned()))
        }
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
