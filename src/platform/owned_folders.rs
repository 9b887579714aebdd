//! Folders that apps mount and that belong to their users, not to user dokku: changed by `dokku serve`, which is root. No
//! symlink in them is followed, for an app may have put it there.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Gid, Mode, OFlags, Uid, chownat, fchmod, fchown, openat, statat,
};

use super::files;
use crate::model::{Context, Fault, Outcome};

/// What `dokku serve` is asked for a folder and all in it to belong to somebody: `{name, id}`.
pub const OWN: &str = "folder-own";

/// For a folder to have these permissions: `{name, mode}`.
pub const MODE: &str = "folder-mode";

/// For a folder to go, with all in it: `{name}`.
pub const REMOVE: &str = "folder-remove";

/// Gives a folder, and all in it, to this user and the group of that number.
///
/// # Errors
/// When it is no folder, or the kernel refuses.
pub fn own(parent: &Path, name: &str, id: u32) -> Outcome {
    let what = || format!("cannot change the owner of {}", parent.join(name).display());
    let folder = open(parent, name).context(what)?;
    give(&folder, Uid::from_raw(id), Gid::from_raw(id)).context(what)
}

/// Gives a folder, and nothing in it, these permissions.
///
/// # Errors
/// When it is no folder, or the kernel refuses.
pub fn set_mode(parent: &Path, name: &str, mode: u32) -> Outcome {
    let what = || format!("cannot change the mode of {}", parent.join(name).display());
    let folder = open(parent, name).context(what)?;
    fchmod(&folder, Mode::from_raw_mode(mode)).context(what)
}

/// Removes a folder with all in it; none there is fine.
///
/// # Errors
/// When a file or a link stands in its place, or the kernel refuses.
pub fn remove(parent: &Path, name: &str) -> Outcome {
    let path = parent.join(name);
    if files::link_target(&path).is_some() || (files::exists(&path) && !files::is_folder(&path)) {
        return Err(Fault::new(format!("{} exists but is not a directory", path.display())));
    }
    files::remove_folder(&path)
}

fn open(parent: &Path, name: &str) -> io::Result<OwnedFd> {
    let folder = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let parent = openat(CWD, parent, folder, Mode::empty())?;
    Ok(openat(&parent, name, folder | OFlags::NOFOLLOW, Mode::empty())?)
}

fn give(folder: &OwnedFd, user: Uid, group: Gid) -> io::Result<()> {
    fchown(folder, Some(user), Some(group))?;
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        match give_one(folder.as_fd(), name, user, group) {
            // An app may be at work in it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => outcome?,
        }
    }
    Ok(())
}

fn give_one(folder: BorrowedFd<'_>, name: &CStr, user: Uid, group: Gid) -> io::Result<()> {
    let found = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    if FileType::from_raw_mode(found.st_mode) == FileType::Directory {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        return give(&openat(folder, name, flags, Mode::empty())?, user, group);
    }
    Ok(chownat(folder, name, Some(user), Some(group), AtFlags::SYMLINK_NOFOLLOW)?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_folder_belongs_to_somebody_with_all_in_it_and_no_link_is_followed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("data/deep/er")).expect("a folder");
        std::fs::write(path("data/deep/file"), "x").expect("a file");
        std::fs::write(path("outside"), "x").expect("a file");
        symlink(path("outside"), path("data/link")).expect("a link");
        symlink(path("data"), path("to-data")).expect("a link");
        let own_id = std::fs::metadata(folder.path()).expect("there").uid();
        // Root may give to anybody; others only to themselves.
        let id = if own_id == 0 { 32767 } else { own_id };
        own(folder.path(), "data", id).expect("given");
        for name in ["data", "data/deep", "data/deep/er", "data/deep/file", "data/link"] {
            assert_eq!(std::fs::symlink_metadata(path(name)).expect("there").uid(), id, "{name}");
        }
        assert_eq!(std::fs::metadata(path("outside")).expect("there").uid(), own_id);
        set_mode(folder.path(), "data", 0o750).expect("set");
        assert_eq!(std::fs::metadata(path("data")).expect("there").permissions().mode() & 0o7777, 0o750);
        for name in ["to-data", "outside", "nowhere"] {
            assert!(own(folder.path(), name, id).is_err(), "{name}");
        }
        assert!(remove(folder.path(), "to-data").is_err() && remove(folder.path(), "outside").is_err());
        remove(folder.path(), "data").expect("removed");
        remove(folder.path(), "data").expect("it is gone already");
        assert!(path("outside").exists() && !path("data").exists());
    }
}
