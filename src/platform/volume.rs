//! What a file system can do: the volume must be one that keeps owners, locks and names apart.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use crate::model::{Context, Fault, Outcome};

/// Tries all that the volume must be able to do, in a folder of its own that is removed again. `ids`
/// are the uid and gid that files must be able to belong to; without, owners are not tried.
///
/// # Errors
/// What it cannot do, and what to use instead.
pub fn probe(volume: &Path, ids: Option<(u32, u32)>) -> Outcome {
    // The one name, so that what a killed probe left is used again.
    let place = volume.join(".dokku-probe");
    let outcome = super::files::remove_folder(&place)
        .and_then(|()| {
            fs::create_dir(&place).context(|| format!("cannot write to the volume {}", volume.display()))
        })
        .map_err(advise)
        .and_then(|()| {
            try_all(&place, ids).map_err(|fault| {
                let message =
                    format!("the file system of {} cannot be used: {}", volume.display(), fault.message);
                advise(Fault { message, ..fault })
            })
        });
    // What the probe found is the news, not that its folder stays.
    let _ = super::files::remove_folder(&place);
    outcome
}

fn advise(fault: Fault) -> Fault {
    let read_only = fault.message.to_ascii_lowercase().contains("read-only");
    let hint = if read_only {
        "It is mounted read-only: take `:ro` from its `-v` option, or look at the disk of the host"
    } else {
        "Use a named volume instead of a folder of the host: -v dokku:/mnt/dokku"
    };
    fault.hint(hint)
}

fn try_all(place: &Path, ids: Option<(u32, u32)>) -> Outcome {
    let (file, renamed, link) = (place.join("file"), place.join("renamed"), place.join("link"));
    let mut open = File::create(&file).context(|| "files cannot be made")?;
    open.write_all(b"probe").context(|| "files cannot be written")?;
    open.sync_all().context(|| "files cannot be synced")?;
    fs::rename(&file, &renamed).context(|| "files cannot be renamed")?;
    symlink("renamed", &link).context(|| "symlinks cannot be made")?;
    if fs::read(&link).context(|| "symlinks cannot be followed")? != b"probe" {
        return Err(Fault::new("symlinks lead elsewhere"));
    }
    fs::write(place.join("name"), b"").context(|| "files cannot be written")?;
    if place.join("NAME").exists() {
        return Err(Fault::new("it does not tell upper from lower case"));
    }
    try_locks(&renamed)?;
    if let Some((uid, gid)) = ids {
        chown(&renamed, Some(uid), Some(gid)).context(|| "owners cannot be changed")?;
        let found = fs::metadata(&renamed).context(|| "owners cannot be read")?;
        if (found.uid(), found.gid()) != (uid, gid) {
            return Err(Fault::new("it does not keep owners"));
        }
    }
    Ok(())
}

fn try_locks(file: &Path) -> Outcome {
    let open = || File::open(file).context(|| "files cannot be read");
    let (first, second) = (open()?, open()?);
    flock(&first, FlockOperation::NonBlockingLockExclusive).context(|| "files cannot be locked")?;
    match flock(&second, FlockOperation::NonBlockingLockExclusive) {
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(()),
        Ok(()) => Err(Fault::new("a lock does not keep others out")),
        Err(error) => Err(error).context(|| "files cannot be locked"),
    }
}

/// Uid and gid of the owner; `None` when nothing is there.
pub fn owner(path: &Path) -> Option<(u32, u32)> {
    fs::metadata(path).ok().map(|found| (found.uid(), found.gid()))
}

/// Makes `link` a symlink to `target`. A folder that stands in its place is first copied into the
/// target, as far as nothing is there under the same name, and then removed.
///
/// # Errors
/// When something on the way fails; the folder is then still there.
pub fn replace_by_link(link: &Path, target: &Path) -> Outcome {
    let what = || format!("cannot link {} to {}", link.display(), target.display());
    if fs::read_link(link).is_ok_and(|found| found == target) {
        return Ok(());
    }
    if fs::symlink_metadata(link).is_ok_and(|found| found.is_dir()) {
        copy_missing(link, target)?;
        super::files::remove_folder(link)?;
    } else {
        super::files::remove(link)?;
    }
    if let Some(folder) = link.parent() {
        fs::create_dir_all(folder).context(what)?;
    }
    symlink(target, link).context(what)
}

fn copy_missing(from: &Path, to: &Path) -> Outcome {
    for name in super::files::names(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        let is_folder = fs::symlink_metadata(&from).is_ok_and(|found| found.is_dir());
        if is_folder && to.is_dir() {
            copy_missing(&from, &to)?;
        } else if fs::symlink_metadata(&to).is_err() {
            super::files::copy_all(&from, &to)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_file_system_is_good_enough_and_stays_clean() {
        let folder = tempfile::tempdir().unwrap();
        let own = owner(folder.path());
        probe(folder.path(), own).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_cannot_be_written_is_told_with_advice() {
        let fault = probe(Path::new("/proc"), None).unwrap_err();
        assert!(fault.message.contains("/proc"), "{fault}");
        assert!(fault.hints[0].contains("named volume"), "{:?}", fault.hints);
    }

    #[test]
    fn a_folder_in_place_of_a_link_gives_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("etc"), folder.path().join("volume"));
        for (path, text) in
            [("etc/a", "image"), ("etc/sub/b", "image"), ("volume/a", "volume"), ("volume/sub/c", "volume")]
        {
            super::super::files::write(&folder.path().join(path), text.as_bytes(), 0o644).unwrap();
        }
        for _ in 0..2 {
            replace_by_link(&link, &target).unwrap();
        }
        let read = |path: &str| fs::read_to_string(link.join(path)).unwrap();
        assert_eq!(
            (read("a"), read("sub/b"), read("sub/c")),
            ("volume".into(), "image".into(), "volume".into())
        );
        assert_eq!(fs::read_link(&link).unwrap(), target);
    }
}
