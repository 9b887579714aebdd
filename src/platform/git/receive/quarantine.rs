//! The quarantine: where the objects of a push wait until it is accepted.
//!
//! It is a folder inside `objects` whose alternate is `objects` itself, so that whoever opens it sees
//! both, and whoever opens the repository sees nothing of it. Its owner holds a lock on it; one whose
//! owner is dead is swept by the next push.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use crate::model::{Context, Outcome};
use crate::platform::files;
use crate::platform::git::Repository;
use crate::platform::random::{Random, SystemRandom};

/// Git's own name for such folders, so that a plain `git gc` sweeps them too.
const PREFIX: &str = "tmp_objdir-incoming-";

/// A quarantine. Dropped, it and all in it are gone.
#[derive(Debug)]
pub(super) struct Quarantine {
    folder: PathBuf,
    /// Locked while we live.
    _owner: File,
    is_left: bool,
}

impl Quarantine {
    /// Makes one, after sweeping those of dead owners.
    pub(super) fn make(repository: &Repository) -> Outcome<Self> {
        let _lock = repository.lock()?;
        Quarantine::make_locked(repository)
    }

    /// As [`Quarantine::make`], for a caller that holds the repository's lock.
    pub(super) fn make_locked(repository: &Repository) -> Outcome<Self> {
        let objects = repository.objects_folder();
        sweep(&objects)?;
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        let folder = objects.join(format!("{PREFIX}{:016x}", u64::from_le_bytes(bytes)));
        files::create_folders(&folder.join("pack"), 0o755)?;
        files::create_folders(&folder.join("info"), 0o755)?;
        let what = || format!("cannot make the quarantine {}", folder.display());
        // Not atomic and not synced, unlike all other files: if we die, the folder is swept.
        fs::write(folder.join("info/alternates"), "..\n").context(what)?;
        files::give_to_dokku(&folder.join("info/alternates"))?;
        let owner = File::open(&folder).context(what)?;
        flock(&owner, FlockOperation::NonBlockingLockExclusive).context(what)?;
        Ok(Quarantine { folder, _owner: owner, is_left: false })
    }

    /// One that its owner has left, if it is still there and nobody has it.
    pub(super) fn take_over(repository: &Repository, name: &str) -> Outcome<Option<Self>> {
        let _lock = repository.lock()?;
        let objects = repository.objects_folder();
        let Some(folder) = quarantines(&objects)?.into_iter().find(|one| one.ends_with(name)) else {
            return Ok(None);
        };
        let owner = File::open(&folder).context(|| format!("cannot open {}", folder.display()))?;
        if flock(&owner, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Ok(None);
        }
        Ok(Some(Quarantine { folder, _owner: owner, is_left: false }))
    }

    /// Leaves it where it is. The next push sweeps it, unless somebody takes it over before.
    pub(super) fn leave(mut self) {
        self.is_left = true;
    }

    /// Its object folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until all files in it are on disk.
    pub(super) fn sync(&self) -> Outcome {
        seal_packs(&self.folder.join("pack"))
    }

    /// Makes its objects part of the repository. The caller holds the repository's lock.
    pub(super) fn land(self, repository: &Repository) -> Outcome {
        let target = repository.objects_folder().join("pack");
        let mut names = files::names(&self.folder.join("pack"))?;
        // A pack without its index is invisible, an index without its pack is broken: the index comes last.
        names.sort_by_key(|name| name.ends_with(".idx"));
        for name in &names {
            let from = self.folder.join("pack").join(name);
            let to = target.join(name);
            if !files::exists(&to) {
                files::rename(&from, &to)?;
            }
        }
        if !names.is_empty() {
            File::open(&target)
                .and_then(|folder| folder.sync_all())
                .context(|| format!("cannot sync the folder {}", target.display()))?;
        }
        Ok(())
    }
}

impl Drop for Quarantine {
    fn drop(&mut self) {
        if self.is_left {
            return;
        }
        // What cannot be removed now is swept by the next push.
        let _ = files::remove_folder(&self.folder);
    }
}

/// Makes packs and indexes read-only, gives them to dokku and waits until they are on disk.
pub(in crate::platform::git) fn seal_packs(folder: &Path) -> Outcome {
    for name in files::names(folder)? {
        let path = folder.join(name);
        let what = || format!("cannot sync {}", path.display());
        let file = File::open(&path).context(what)?;
        file.set_permissions(Permissions::from_mode(0o444)).context(what)?;
        files::give_to_dokku(&path)?;
        file.sync_all().context(what)?;
    }
    Ok(())
}

/// Removes the quarantines of dead owners. The caller holds the repository's lock, so none is just being made.
pub(in crate::platform::git) fn sweep(objects: &Path) -> Outcome {
    for folder in quarantines(objects)? {
        if !is_owned(&folder) {
            files::remove_folder(&folder)?;
        }
    }
    Ok(())
}

/// The quarantines in this object folder.
pub(in crate::platform::git) fn quarantines(objects: &Path) -> Outcome<Vec<PathBuf>> {
    let names = files::names(objects)?;
    Ok(names.into_iter().filter(|name| name.starts_with(PREFIX)).map(|name| objects.join(name)).collect())
}

/// True while the process that made it lives. A plain git holds no lock on its own, which are told by
/// their shorter names: they count as owned for a day.
pub(in crate::platform::git) fn is_owned(folder: &Path) -> bool {
    let is_ours = folder.file_name().is_some_and(|name| name.len() == PREFIX.len() + 16);
    if !is_ours {
        let modified = fs::metadata(folder).and_then(|found| found.modified());
        return modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < Duration::from_secs(86_400)));
    }
    let Ok(file) = File::open(folder) else { return false };
    flock(&file, FlockOperation::NonBlockingLockExclusive).is_err()
}
