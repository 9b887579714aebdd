//! The files a build may see.

use std::io::Read;

use crate::model::Outcome;

/// A tree of files handed to a build: a commit's tree or a folder. The engine asks for the contents
/// it does not have yet, one by one, so nothing is read that it knows, and memory stays flat.
///
/// Methods block; they are called from a thread that may.
pub trait BuildContext: Send + Sync {
    /// All entries, in any order. Folders need not be listed. `.dockerignore` is not applied yet.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn entries(&self) -> Outcome<Vec<ContextEntry>>;

    /// Opens the content of a file that `entries` listed.
    ///
    /// # Errors
    /// When it cannot be read.
    fn open(&self, entry: &ContextEntry) -> Outcome<Box<dyn Read + Send>>;
}

/// A file of a build context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextEntry {
    /// Its path from the root: `src/main.rs`. No leading slash, no `.` or `..`.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes; 0 unless it is a file.
    pub size: u64,
    /// Nanoseconds of the epoch. The engine takes a file of the same path, size and time for
    /// unchanged and does not ask for it, so the time must change with the content. It must also not
    /// go back: web servers tell browsers by it whether a page is new.
    pub modified: i64,
    /// The source's own name for the content, such as a blob's id. May be empty.
    pub content: Vec<u8>,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A file, and whether it can be executed.
    File {
        /// Mode 0755 instead of 0644.
        executable: bool,
    },
    /// A symlink to that path.
    Symlink(String),
}
