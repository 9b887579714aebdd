//! The folder that a clone grows in: a neighbour of the target, renamed when it is whole.
//!
//! Its owner holds a lock on it while it lives. One whose owner was killed is swept by the next clone into the same
//! parent folder.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FlockOperation, RenameFlags, flock, renameat_with, syncfs};
use rustix::io::Errno;

use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::random::{Random, SystemRandom};

/// Between the target's name and sixteen digits; a dot stands before the name.
const MARK: &str = ".cloning-";

/// A folder in the making. Dropped before it landed, it and all in it are gone.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    target: PathBuf,
    /// Locked while we live.
    owner: File,
}

impl Staging {
    /// Makes one, after sweeping those of dead owners. The target must not be there.
    pub(super) fn make(target: &Path) -> Outcome<Self> {
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(Fault::new(format!("{} cannot be made", target.display())));
        };
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        if target.symlink_metadata().is_ok() {
            return Err(taken(target));
        }
        files::create_folders(parent, 0o755)?;
        let what = || format!("cannot make a folder in {}", parent.display());
        // Held until ours is locked, so that nobody sweeps it in between.
        let gate = File::open(parent).context(what)?;
        flock(&gate, FlockOperation::LockExclusive).context(what)?;
        sweep(parent)?;
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        let digits = u64::from_le_bytes(bytes);
        let folder = parent.join(format!(".{}{MARK}{digits:016x}", name.to_string_lossy()));
        files::create_folders(&folder, 0o755)?;
        let owner = File::open(&folder).context(what)?;
        flock(&owner, FlockOperation::NonBlockingLockExclusive).context(what)?;
        Ok(Staging { folder, target: target.to_owned(), owner })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts it in the target's place, when all of it is on disk.
    pub(super) fn land(self) -> Outcome {
        let target = &self.target;
        syncfs(&self.owner).context(|| format!("cannot sync {}", self.folder.display()))?;
        match renameat_with(CWD, &self.folder, CWD, target, RenameFlags::NOREPLACE) {
            Ok(()) => {}
            Err(Errno::EXIST) => return Err(taken(target)),
            // A file system that cannot promise it: what came in the meantime is not empty, and stays.
            Err(Errno::INVAL) => files::rename(&self.folder, target)?,
            Err(error) => return Err(error).context(|| format!("cannot make {}", target.display())),
        }
        let parent =
            target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let what = || format!("cannot sync {}", parent.display());
        File::open(parent).and_then(|parent| parent.sync_all()).context(what)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After landing there is nothing of that name. What cannot be removed now is swept by the next clone.
        let _ = files::remove_folder(&self.folder);
    }
}

fn taken(target: &Path) -> Fault {
    Fault::new(format!("{} is there already", target.display()))
}

/// Removes the folders of dead owners. The caller holds the parent's lock, so none is just being made.
fn sweep(parent: &Path) -> Outcome {
    for name in files::names(parent)?.iter().filter(|name| is_staging(name)) {
        let folder = parent.join(name);
        let is_dead = File::open(&folder)
            .is_ok_and(|folder| flock(&folder, FlockOperation::NonBlockingLockExclusive).is_ok());
        if is_dead {
            files::remove_folder(&folder)?;
        }
    }
    Ok(())
}

fn is_staging(name: &str) -> bool {
    let digits = name.strip_prefix('.').and_then(|name| name.rsplit_once(MARK)).map(|(_, digits)| digits);
    digits.is_some_and(|digits| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dead_are_swept_and_the_living_stay() {
        let parent = tempfile::tempdir().expect("a folder");
        let dead = parent.path().join(".postgres.cloning-0123456789abcdef/.git");
        let other = parent.path().join(".postgres.cloning-mine");
        files::create_folders(&dead, 0o755).expect("made");
        files::create_folders(&other, 0o755).expect("made");
        let living = Staging::make(&parent.path().join("a")).expect("made");
        let second = Staging::make(&parent.path().join("a")).expect("made");
        assert!(living.folder().is_dir(), "its owner lives");
        assert!(!dead.exists());
        living.land().expect("landed");
        let fault = second.land().expect_err("somebody was first");
        assert!(fault.message.ends_with("a is there already"), "{}", fault.message);
        assert!(Staging::make(&parent.path().join("a")).is_err());
        assert_eq!(files::names(parent.path()).expect("read"), [".postgres.cloning-mine", "a"]);
    }
}
