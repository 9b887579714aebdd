//! Files: atomic writes, folders, owners.
//!
//! Every write goes to a temporary file in the same folder, is synced and renamed, so that a reader
//! sees the old or the new text and a kill leaves one of them. What root writes is given to user
//! dokku, since every command may later run as that user.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustix::fs::{CWD, FlockOperation, RenameFlags, flock, renameat_with};
use rustix::io::Errno;

use super::user;
use crate::model::{Context, Fault, Outcome};

/// What the name of a file begins with until it is whole; six letters and digits follow.
pub(super) const TEMPORARY: &str = ".dokku-";

static OWNER: OnceLock<Option<(u32, u32)>> = OnceLock::new();

/// Names the user and group that own what root writes. Without a call, or when they do not exist, owners stay.
pub fn set_owner(user_name: &str, group_name: &str) {
    OWNER.get_or_init(|| user::is_root().then(|| user::lookup(user_name, group_name)).flatten());
}

/// Gives the file to user dokku when this process is root; else does nothing.
///
/// # Errors
/// When the kernel refuses.
pub fn give_to_dokku(path: &Path) -> Outcome {
    let Some((uid, gid)) = OWNER.get().copied().flatten() else { return Ok(()) };
    std::os::unix::fs::lchown(path, Some(uid), Some(gid))
        .context(|| format!("cannot change the owner of {}", path.display()))
}

/// Gives a folder and all below it to user dokku; what links lead to stays as it is.
///
/// # Errors
/// When a folder cannot be read, or the kernel refuses.
pub fn give_all_to_dokku(path: &Path) -> Outcome {
    give_to_dokku(path)?;
    if path.is_dir() && !path.is_symlink() {
        for name in names(path)? {
            give_all_to_dokku(&path.join(name))?;
        }
    }
    Ok(())
}

/// Gives a file or folder to another user, and to a group whose members may write as the mode says. Owners stay where this
/// process is not root, or the two do not exist.
///
/// # Errors
/// When the kernel refuses.
pub fn share_with(path: &Path, user_name: &str, group_name: &str, mode: u32) -> Outcome {
    let what = || format!("cannot change the owner of {}", path.display());
    if let Some((uid, gid)) = user::is_root().then(|| user::lookup(user_name, group_name)).flatten() {
        std::os::unix::fs::chown(path, Some(uid), Some(gid)).context(what)?;
    }
    fs::set_permissions(path, Permissions::from_mode(mode)).context(what)
}

/// True when something is there (a dangling symlink is not).
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// True when a folder, or a symlink to one, is there.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// True when a file, or a symlink to one, is there.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// True when the file is root's and nobody else can write it.
pub fn is_of_root_alone(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|found| found.uid() == 0 && found.mode() & 0o022 == 0)
}

/// The bytes of a file; `None` when it is not there.
///
/// # Errors
/// When it is there and cannot be read.
pub fn read(path: &Path) -> Outcome<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error).context(|| format!("cannot read {}", path.display())),
    }
}

/// The bytes of a file that somebody names to us; `None` when there is none. A device or a pipe, whose end nobody knows,
/// is none either.
///
/// # Errors
/// When it cannot be read, or is longer than `limit` bytes.
pub fn read_at_most(path: &Path, limit: usize) -> Outcome<Option<Vec<u8>>> {
    if !is_file(path) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .context(|| format!("cannot read {}", path.display()))?;
    if bytes.len() > limit {
        return Err(Fault::new(format!("{} is longer than {limit} bytes", path.display())));
    }
    Ok(Some(bytes))
}

/// The text of a file; `None` when it is not there. Bytes that are not UTF-8 become U+FFFD.
///
/// # Errors
/// When it is there and cannot be read.
pub fn read_text(path: &Path) -> Outcome<Option<String>> {
    Ok(read(path)?.map(|bytes| {
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }))
}

/// Writes a file atomically with this mode; folders above it are made (0755).
///
/// # Errors
/// When anything on the way fails; the old file is then untouched.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> Outcome {
    write_owned(path, bytes, mode, give_to_dokku)
}

/// Writes a file as [`write`] does, but makes no folder for it: one that went with what it belonged to is not to come back.
///
/// # Errors
/// When the folder is not there, or anything on the way fails; the old file is then untouched.
pub fn write_in_folder(path: &Path, bytes: &[u8], mode: u32) -> Outcome {
    put(path, bytes, mode, give_to_dokku)
}

fn write_owned(path: &Path, bytes: &[u8], mode: u32, give: fn(&Path) -> Outcome) -> Outcome {
    create_folders(path.parent().unwrap_or(Path::new("/")), 0o755)?;
    put(path, bytes, mode, give)
}

fn put(path: &Path, bytes: &[u8], mode: u32, give: fn(&Path) -> Outcome) -> Outcome {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let what = || format!("cannot write {}", path.display());
    let mut temporary = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder).context(what)?;
    // Says that somebody is at work on it. Where there are no locks its age alone does.
    let _ = flock(temporary.as_file(), FlockOperation::NonBlockingLockExclusive);
    temporary.write_all(bytes).context(what)?;
    temporary.as_file().set_permissions(Permissions::from_mode(mode)).context(what)?;
    give(temporary.path())?;
    temporary.as_file().sync_data().context(what)?;
    temporary.persist(path).map_err(|error| error.error).context(what)?;
    Ok(())
}

/// Writes a file as [`write`] does, but leaves it to root: host keys, system files.
///
/// # Errors
/// When anything on the way fails; the old file is then untouched.
pub fn write_as_root(path: &Path, bytes: &[u8], mode: u32) -> Outcome {
    write_owned(path, bytes, mode, |_| Ok(()))
}

/// Writes a file that is mounted by itself, so that no other can take its place: it is not written atomically, but it is
/// never empty in between.
///
/// # Errors
/// When the file cannot be opened or written.
pub fn write_in_place(path: &Path, bytes: &[u8]) -> Outcome {
    let what = || format!("cannot write {}", path.display());
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path).context(what)?;
    file.write_all(bytes).context(what)?;
    let length = u64::try_from(bytes.len()).expect("a length of memory fits");
    file.set_len(length).context(what)
}

/// Adds a line to a file that is only ever appended to (logs, lists). One `write` call, so lines of two writers do not mix.
///
/// # Errors
/// When the file cannot be opened or written.
pub fn append(path: &Path, text: &str, mode: u32) -> Outcome {
    let is_new = !exists(path);
    if let Some(folder) = path.parent() {
        create_folders(folder, 0o755)?;
    }
    let what = || format!("cannot write {}", path.display());
    let mut file = File::options().append(true).create(true).open(path).context(what)?;
    if is_new {
        file.set_permissions(Permissions::from_mode(mode)).context(what)?;
        give_to_dokku(path)?;
    }
    file.write_all(text.as_bytes()).context(what)
}

/// A file that is only ever appended to, kept open: a log that grows piece by piece.
#[derive(Debug)]
pub struct Appender {
    file: File,
    path: PathBuf,
}

impl Appender {
    /// Opens the file, or makes it with this mode.
    ///
    /// # Errors
    /// When it cannot be opened or made.
    pub fn open(path: &Path, mode: u32) -> Outcome<Self> {
        append(path, "", mode)?;
        let file =
            File::options().append(true).open(path).context(|| format!("cannot write {}", path.display()))?;
        Ok(Appender { file, path: path.to_owned() })
    }

    /// Adds the bytes at the end.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&self, bytes: &[u8]) -> Outcome {
        (&self.file).write_all(bytes).context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Makes a folder and those above it. One that is there stays as it is.
///
/// # Errors
/// When the folder cannot be made, or a file stands in its place.
pub fn create_folders(path: &Path, mode: u32) -> Outcome {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_folders(parent, 0o755)?;
    }
    match fs::DirBuilder::new().mode(mode).create(path) {
        Ok(()) => give_to_dokku(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error).context(|| format!("cannot make the folder {}", path.display())),
    }
}

/// Makes a folder that must not be there yet. False when something of that name is: somebody was first.
///
/// # Errors
/// When the folder cannot be made.
pub fn claim_folder(path: &Path, mode: u32) -> Outcome<bool> {
    if let Some(parent) = path.parent() {
        create_folders(parent, 0o755)?;
    }
    match fs::DirBuilder::new().mode(mode).create(path) {
        Ok(()) => give_to_dokku(path).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).context(|| format!("cannot make the folder {}", path.display())),
    }
}

/// Makes a folder as [`create_folders`] does, but leaves the last one to root.
///
/// # Errors
/// When the folder cannot be made, or a file stands in its place.
pub fn create_folders_as_root(path: &Path, mode: u32) -> Outcome {
    if let Some(parent) = path.parent() {
        create_folders(parent, 0o755)?;
    }
    match fs::DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists || !path.is_dir() => {
            Err(error).context(|| format!("cannot make the folder {}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Removes a file; none there is fine. Tells whether one was there.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove(path: &Path) -> Outcome<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).context(|| format!("cannot remove {}", path.display())),
    }
}

/// Removes a folder with all in it; none there is fine. A symlink is removed, not followed.
///
/// # Errors
/// When something in it cannot be removed.
pub fn remove_folder(path: &Path) -> Outcome {
    let is_link = fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_symlink());
    let outcome = if is_link { fs::remove_file(path) } else { fs::remove_dir_all(path) };
    match outcome {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).context(|| format!("cannot remove {}", path.display())),
    }
}

/// Gives a file a second name, which is taken from whatever has it. Where a disk knows no second names it is a copy.
///
/// # Errors
/// When the file is not there or the folder does not take it.
pub fn link(from: &Path, to: &Path) -> Outcome {
    remove(to)?;
    let copy = |_| fs::copy(from, to).map(drop);
    fs::hard_link(from, to)
        .or_else(copy)
        .context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// Renames a file or folder.
///
/// # Errors
/// When the kernel refuses.
pub fn rename(from: &Path, to: &Path) -> Outcome {
    fs::rename(from, to).context(|| format!("cannot rename {} to {}", from.display(), to.display()))
}

/// Puts a folder in another's place, in one step where the file system can, and removes what stood there.
///
/// # Errors
/// When the kernel refuses.
pub fn replace_folder(folder: &Path, by: &Path) -> Outcome {
    let what = || format!("cannot replace {}", folder.display());
    if !exists(folder) {
        return rename(by, folder);
    }
    match renameat_with(CWD, by, CWD, folder, RenameFlags::EXCHANGE) {
        Ok(()) => remove_folder(by),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            remove_folder(folder)?;
            fs::rename(by, folder).context(what)
        }
        Err(error) => Err(error).context(what),
    }
}

/// The names in a folder, sorted by bytes; none when it is not there. Names that are not UTF-8 are left out.
///
/// # Errors
/// When it is there and cannot be read.
pub fn names(path: &Path) -> Outcome<Vec<String>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error).context(|| format!("cannot read the folder {}", path.display())),
    };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort_unstable();
    Ok(names)
}

/// The names in a folder that are folders themselves, or symlinks to one, sorted by bytes. One scan; only symlinks cost a `stat`.
///
/// # Errors
/// When the folder is there and cannot be read.
pub fn folder_names(path: &Path) -> Outcome<Vec<String>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context(|| format!("cannot read the folder {}", path.display())),
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let kind = entry.file_type().ok()?;
            let is_folder = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
            is_folder.then(|| entry.file_name().into_string().ok()).flatten()
        })
        .collect();
    names.sort_unstable();
    Ok(names)
}

/// True when the file can be executed by somebody.
pub fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// When the file was changed last, in seconds of the epoch; `None` when it is not there.
pub fn modified_at(path: &Path) -> Option<i64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|found| found.mtime())
}

/// Copies a file or a whole folder, symlinks as symlinks, modes kept; none there is fine.
///
/// # Errors
/// When anything on the way fails.
pub fn copy_all(from: &Path, to: &Path) -> Outcome {
    let what = || format!("cannot copy {} to {}", from.display(), to.display());
    let found = match fs::symlink_metadata(from) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).context(what),
    };
    if found.is_dir() {
        create_folders(to, found.permissions().mode() & 0o7777)?;
        for entry in fs::read_dir(from).context(what)? {
            let entry = entry.context(what)?;
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if found.file_type().is_symlink() {
        let target = fs::read_link(from).context(what)?;
        return std::os::unix::fs::symlink(target, to).context(what);
    }
    let folder = to.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned);
    create_folders(&folder, 0o755)?;
    fs::copy(from, to).context(what)?;
    give_to_dokku(to)
}

/// Gives a folder's files a second name below another folder, for files that are never written again; where the
/// file system has no such links they are copied. None there is fine.
///
/// # Errors
/// When anything on the way fails.
pub fn share_all(from: &Path, to: &Path) -> Outcome {
    for name in names(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        if is_folder(&from) {
            create_folders(&to, 0o755)?;
            share_all(&from, &to)?;
        } else if fs::hard_link(&from, &to).is_err() {
            copy_all(&from, &to)?;
        }
    }
    Ok(())
}

/// The path with all symlinks followed; `None` when nothing is there.
pub fn resolved(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// Where a symlink leads, as it says itself; `None` for anything else.
pub fn link_target(path: &Path) -> Option<PathBuf> {
    fs::read_link(path).ok()
}

/// Makes a folder this process's own working folder.
///
/// # Errors
/// When it is not there or may not be entered.
pub fn enter_folder(path: &Path) -> Outcome {
    std::env::set_current_dir(path).context(|| format!("cannot enter the folder {}", path.display()))
}

/// Makes a symlink; what stands in its place is replaced.
///
/// # Errors
/// When it cannot be made.
pub fn symlink(target: &str, path: &Path) -> Outcome {
    remove(path)?;
    if let Some(folder) = path.parent() {
        create_folders(folder, 0o755)?;
    }
    std::os::unix::fs::symlink(target, path).context(|| format!("cannot make the link {}", path.display()))
}

/// A folder for what is needed for a moment; goes with its owner.
pub struct TemporaryFolder(tempfile::TempDir);

impl TemporaryFolder {
    /// Makes it, under a name that begins like this.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(prefix: &str) -> Outcome<Self> {
        let made = tempfile::Builder::new().prefix(&format!("{prefix}.")).tempdir_in(temporary_folder());
        Ok(TemporaryFolder(made.context(|| "cannot make a temporary folder")?))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The folder for files that need not outlive the process.
pub fn temporary_folder() -> PathBuf {
    std::env::temp_dir()
}

/// Writes a file from a reader, piece by piece: for trees of files that are made anew each time, and so not synced.
///
/// # Errors
/// When the reader fails or the file cannot be written.
pub fn copy_from(reader: &mut dyn std::io::Read, path: &Path, mode: u32) -> Outcome {
    if let Some(folder) = path.parent() {
        create_folders(folder, 0o755)?;
    }
    let what = || format!("cannot write {}", path.display());
    let mut file = File::create(path).context(what)?;
    std::io::copy(reader, &mut file).context(what)?;
    file.set_permissions(Permissions::from_mode(mode)).context(what)?;
    give_to_dokku(path)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_reader_sees_the_old_text_or_the_new_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("deep/er/file");
        let texts = ["a".repeat(100_000), "b".repeat(70_000)];
        write(&path, texts[0].as_bytes(), 0o600).expect("written");
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let seen = fs::read_to_string(&path).expect("always there");
                    assert!(texts.contains(&seen), "{} bytes of something else", seen.len());
                }
            });
            for turn in 0..200 {
                write(&path, texts[turn % 2].as_bytes(), 0o600).expect("written");
            }
            is_over.store(true, Ordering::Relaxed);
            reader.join().expect("it saw nothing else");
        });
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(names(&folder.path().join("deep/er")).expect("readable"), ["file"]);
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_text() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("file");
        write(&path, b"old", 0o644).expect("written");
        // A folder in the way: the rename is refused.
        let blocked = folder.path().join("blocked");
        fs::create_dir_all(blocked.join("full")).expect("a folder");
        let fault = write(&blocked, b"new", 0o644).expect_err("it is a folder");
        assert!(fault.message.contains("cannot write"), "{fault}");
        assert_eq!(read_text(&path).expect("readable").as_deref(), Some("old"));
        let mut left = names(folder.path()).expect("readable");
        left.sort();
        assert_eq!(left, ["blocked", "file"], "no half-written file is left");
    }
}
