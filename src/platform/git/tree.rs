//! The files of a commit, straight from the object database: no checkout, so no path can lead out of
//! a folder, and memory stays flat however large the files are.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gix_hash::ObjectId;

use super::objects::{
    EntryMode, Kind, ObjectReader, Store, TreeEntries, check_name, parse_commit, parse_tag,
};
use crate::model::{Context, Fault, Outcome};

/// A tree, as the root of what is asked for.
#[derive(Clone)]
pub struct Tree {
    store: Arc<Mutex<Store>>,
    root: ObjectId,
}

/// What stands behind a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A file that can be executed.
    Executable,
    /// A symbolic link; its content is where it leads.
    Symlink,
    /// Another repository's commit; its content is not here.
    Submodule,
}

/// One path of a walk. Content is read only when it is asked for.
pub struct Found<'a> {
    /// The path below the tree, never absolute, never with `.`, `..` or `.git` in it.
    pub path: &'a Path,
    /// What it is.
    pub kind: FileKind,
    /// The object's id; of a submodule the commit in the other repository.
    pub id: ObjectId,
    store: &'a Mutex<Store>,
}

/// What a walk does after a folder. After anything else both mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Goes into it.
    Enter,
    /// Leaves it out.
    Skip,
}

/// Git's own limit is 2048; a build context as deep as this is none.
const MAX_DEPTH: usize = 1000;

impl Tree {
    pub(super) fn open(objects: &Path, hash: gix_hash::Kind, commit: &ObjectId) -> Outcome<Self> {
        let mut store = Store::open(objects, hash)?;
        let mut id = *commit;
        for _ in 0..64 {
            let (kind, data) = read(&mut store, &id)?;
            let bad = |why: &str| Fault::new(format!("bad {} {id}: {why}", kind.name()));
            id = match kind {
                Kind::Tree => return Ok(Tree { store: Arc::new(Mutex::new(store)), root: id }),
                Kind::Commit => parse_commit(&data, hash).map_err(bad)?.tree,
                Kind::Tag => parse_tag(&data, hash).map_err(bad)?.target,
                Kind::Blob => return Err(Fault::new(format!("{commit} is a file, not a commit"))),
            };
        }
        Err(Fault::new(format!("the tag {commit} points at too long a chain of tags")))
    }

    /// The tree's id.
    pub fn id(&self) -> ObjectId {
        self.root
    }

    /// The folder at this path as a tree of its own; `None` when there is no folder. An empty path is the tree itself.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn below(&self, path: &str) -> Outcome<Option<Tree>> {
        if path.split('/').all(|part| part.is_empty() || part == ".") {
            return Ok(Some(self.clone()));
        }
        Ok(match self.look_up(path)? {
            Some((FileKind::Folder, root)) => Some(Tree { store: Arc::clone(&self.store), root }),
            Some(_) | None => None,
        })
    }

    /// What stands at this path; `None` when nothing does. Symbolic links on the way are not followed.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn kind(&self, path: &str) -> Outcome<Option<FileKind>> {
        Ok(self.look_up(path)?.map(|(kind, _)| kind))
    }

    /// True when a file (or link) stands at this path.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn has_file(&self, path: &str) -> Outcome<bool> {
        let kind = self.kind(path)?;
        Ok(matches!(kind, Some(FileKind::File | FileKind::Executable | FileKind::Symlink)))
    }

    /// The content of the file at this path, of a symbolic link where it leads; `None` when there is
    /// none. For files people write: more than `limit` bytes are an error.
    ///
    /// # Errors
    /// When it cannot be read, or is too large.
    pub fn read_file(&self, path: &str, limit: u64) -> Outcome<Option<Vec<u8>>> {
        let id = match self.look_up(path)? {
            Some((FileKind::File | FileKind::Executable | FileKind::Symlink, id)) => id,
            Some((FileKind::Folder | FileKind::Submodule, _)) | None => return Ok(None),
        };
        let mut reader = open(&mut lock(&self.store), &id)?;
        if reader.size > limit {
            return Err(Fault::new(format!(
                "{path} has {} bytes, more than the {limit} allowed",
                reader.size
            )));
        }
        let mut data = Vec::new();
        reader.read_to_end(&mut data).context(|| format!("cannot read {path}"))?;
        Ok(Some(data))
    }

    /// The content of an object that a walk found, piece by piece.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn content_of(&self, id: &ObjectId) -> Outcome<Box<dyn Read + Send>> {
        Ok(Box::new(open(&mut lock(&self.store), id)?))
    }

    /// Walks all paths, a folder before what is in it, names in git's order.
    ///
    /// # Errors
    /// The visitor's own, or when an object cannot be read or has a name that is not allowed.
    pub fn walk(&self, visit: &mut dyn FnMut(&Found<'_>) -> Outcome<Next>) -> Outcome {
        self.walk_folder(&self.root, &mut PathBuf::new(), 0, visit)
    }

    fn walk_folder(
        &self,
        id: &ObjectId,
        path: &mut PathBuf,
        depth: usize,
        visit: &mut dyn FnMut(&Found<'_>) -> Outcome<Next>,
    ) -> Outcome {
        if depth > MAX_DEPTH {
            return Err(Fault::new(format!(
                "folders are nested deeper than {MAX_DEPTH} at {}",
                path.display()
            )));
        }
        let data = self.folder(id)?;
        let hash = self.root.kind();
        for entry in TreeEntries::new(&data, hash) {
            let entry = entry.map_err(|why| Fault::new(format!("bad tree {id}: {why}")))?;
            check_name(&entry).map_err(|why| Fault::new(format!("bad tree {id}: {why}")))?;
            let entry_id = ObjectId::try_from(entry.id).context(|| format!("bad tree {id}"))?;
            path.push(OsStr::from_bytes(entry.name));
            let found = Found { path, kind: entry.mode.into(), id: entry_id, store: &self.store };
            let kind = found.kind;
            let next = visit(&found)?;
            if kind == FileKind::Folder && next == Next::Enter {
                self.walk_folder(&entry_id, path, depth + 1, visit)?;
            }
            path.pop();
        }
        Ok(())
    }

    fn look_up(&self, path: &str) -> Outcome<Option<(FileKind, ObjectId)>> {
        let mut found = (FileKind::Folder, self.root);
        for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if found.0 != FileKind::Folder {
                return Ok(None);
            }
            let data = self.folder(&found.1)?;
            let entry = TreeEntries::new(&data, self.root.kind())
                .filter_map(Result::ok)
                .find(|entry| entry.name == part.as_bytes());
            let Some(entry) = entry else { return Ok(None) };
            found = (entry.mode.into(), ObjectId::try_from(entry.id).context(|| "bad tree")?);
        }
        Ok(Some(found))
    }

    fn folder(&self, id: &ObjectId) -> Outcome<Arc<Vec<u8>>> {
        match read(&mut lock(&self.store), id)? {
            (Kind::Tree, data) => Ok(data),
            (kind, _) => Err(Fault::new(format!("{id} is a {}, not a tree", kind.name()))),
        }
    }
}

impl Found<'_> {
    /// How many bytes the content has; 0 for folders and submodules.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn size(&self) -> Outcome<u64> {
        Ok(self.open()?.map_or(0, |reader| reader.size))
    }

    /// The content and its size. Empty for folders and submodules.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn content(&self) -> Outcome<(u64, Box<dyn Read + Send>)> {
        Ok(match self.open()? {
            Some(reader) => (reader.size, Box::new(reader)),
            None => (0, Box::new(io::empty())),
        })
    }

    /// All of the content, for links and small files.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn read(&self) -> Outcome<Vec<u8>> {
        let mut data = Vec::new();
        let what = || format!("cannot read {}", self.path.display());
        self.content()?.1.read_to_end(&mut data).context(what)?;
        Ok(data)
    }

    /// Copies the content, piece by piece; gives the number of bytes.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn copy_to(&self, output: &mut dyn Write) -> Outcome<u64> {
        let what = || format!("cannot copy {}", self.path.display());
        let (size, mut content) = self.content()?;
        let copied = io::copy(&mut content, output).context(what)?;
        if copied == size {
            Ok(size)
        } else {
            Err(Fault::new(format!("{}: its content is cut short", what())))
        }
    }

    fn open(&self) -> Outcome<Option<ObjectReader>> {
        match self.kind {
            FileKind::Folder | FileKind::Submodule => Ok(None),
            FileKind::File | FileKind::Executable | FileKind::Symlink => {
                open(&mut lock(self.store), &self.id).map(Some)
            }
        }
    }
}

impl From<EntryMode> for FileKind {
    fn from(mode: EntryMode) -> Self {
        match mode {
            EntryMode::Folder => FileKind::Folder,
            EntryMode::File => FileKind::File,
            EntryMode::Executable => FileKind::Executable,
            EntryMode::Symlink => FileKind::Symlink,
            EntryMode::Submodule => FileKind::Submodule,
        }
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree").field("root", &self.root).finish_non_exhaustive()
    }
}

fn lock(store: &Mutex<Store>) -> MutexGuard<'_, Store> {
    // A panic while reading leaves caches behind, nothing that could be half-way.
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(store: &mut Store, id: &ObjectId) -> Outcome<(Kind, Arc<Vec<u8>>)> {
    store.read(id)?.ok_or_else(|| missing(id))
}

fn open(store: &mut Store, id: &ObjectId) -> Outcome<ObjectReader> {
    store.find(id)?.ok_or_else(|| missing(id))
}

fn missing(id: &ObjectId) -> Fault {
    Fault::new(format!("the object {id} is not there"))
        .hint("The repository is incomplete. Push again, or run git fsck in it")
}
