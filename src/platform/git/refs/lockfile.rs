//! `X.lock` beside `X`: how git itself keeps two writers of one file apart. Ours are made under the
//! repository's lock, which remembers them, so that those of a killed process are known and removed.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::git::Repository;
use crate::platform::lock::Lock;

/// A new version of a file, not yet in its place. Dropped without [`LockFile::commit`], nothing happened.
#[derive(Debug)]
pub(super) struct LockFile {
    target: PathBuf,
    lock: PathBuf,
    is_committed: bool,
}

/// How long a plain git process may hold a lock file before we give up.
const PATIENCE: Duration = Duration::from_secs(2);
/// A lock file of this age is nobody's any more: git holds one for the time of a file write.
const STALE_AFTER: Duration = Duration::from_secs(600);

impl LockFile {
    /// Takes `target.lock`, without content yet. The folder is made.
    pub(super) fn take(target: &Path) -> Outcome<Self> {
        let lock = lock_path(target);
        if let Some(folder) = target.parent() {
            files::create_folders(folder, 0o755)?;
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            match OpenOptions::new().write(true).create_new(true).open(&lock) {
                Ok(_) => {
                    files::give_to_dokku(&lock)?;
                    return Ok(LockFile { target: target.to_owned(), lock, is_committed: false });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    if is_stale(&lock) {
                        files::remove(&lock)?;
                    } else if Instant::now() > deadline {
                        return Err(Fault::new(format!(
                            "{} is locked by another git process",
                            target.display()
                        ))
                        .hint(format!("If no git process runs there any more, delete {}", lock.display())));
                    } else {
                        std::thread::sleep(Duration::from_millis(20));
                    }
                }
                Err(error) => return Err(error).context(|| format!("cannot lock {}", target.display())),
            }
        }
    }

    /// Writes the new content; `sync` waits until it is on disk.
    pub(super) fn write(&self, content: &[u8]) -> Outcome {
        let what = || format!("cannot write {}", self.lock.display());
        let mut file = File::options().write(true).truncate(true).open(&self.lock).context(what)?;
        file.write_all(content).and_then(|()| file.sync_data()).context(what)
    }

    /// Puts the new content in place.
    pub(super) fn commit(mut self) -> Outcome {
        if self.target.is_dir() {
            // Empty folders stay behind when `a/b` is deleted, and would bar `a`.
            remove_empty_folders(&self.target);
        }
        files::rename(&self.lock, &self.target)?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        if !self.is_committed {
            // Nobody is left to tell; the next holder of the repository's lock sweeps it.
            let _ = fs::remove_file(&self.lock);
        }
    }
}

/// Where the lock file of a file stands.
pub(super) fn lock_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Notes in the held repository lock which files are about to be locked, relative to the repository.
pub(super) fn announce(lock: &mut Lock, names: &[String]) -> Outcome {
    lock.say(&names.join("\n"))
}

/// Removes the lock files that a killed holder of the repository's lock left behind.
pub(in crate::platform::git) fn sweep_locks(repository: &Repository, lock: &mut Lock) -> Outcome {
    let noted = files::read_text(&repository.lock_path())?.unwrap_or_default();
    if noted.is_empty() {
        return Ok(());
    }
    for name in noted.lines().filter(|name| *name == "packed-refs" || super::name_fault(name).is_none()) {
        files::remove(&lock_path(&repository.folder().join(name)))?;
    }
    lock.say("")
}

fn is_stale(lock: &Path) -> bool {
    let modified = fs::metadata(lock).and_then(|found| found.modified());
    modified.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > STALE_AFTER))
}

/// Removes the folder if it and all below it hold nothing but folders.
pub(super) fn remove_empty_folders(folder: &Path) {
    if let Ok(entries) = fs::read_dir(folder) {
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                remove_empty_folders(&entry.path());
            }
        }
    }
    // Refused by the kernel when something is in it, which is what we want.
    let _ = fs::remove_dir(folder);
}
