//! The code of an app while it is being deployed: a commit's tree or a folder, read without a checkout.

mod commit;
mod folder;

pub use commit::CommitSource;
pub use folder::FolderSource;

use std::path::Path;
use std::sync::Arc;

use super::docker::BuildContext;
use crate::model::Outcome;

/// A tree of files that a deploy reads from. Paths are relative to its root, without `.` and `..`.
pub trait Source: Send + Sync {
    /// The content of a file; `None` when there is none of that path.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn read(&self, path: &str) -> Outcome<Option<Vec<u8>>>;

    /// True when a file or folder of that path is there.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn contains(&self, path: &str) -> Outcome<bool>;

    /// The tree below a folder of this one, as a tree of its own; `None` when there is no such folder.
    ///
    /// # Errors
    /// When the tree cannot be read.
    fn below(&self, folder: &str) -> Outcome<Option<Arc<dyn Source>>>;

    /// The same files as the engine's builder wants them.
    fn context(&self) -> Arc<dyn BuildContext>;

    /// Writes all files into a folder, for plugins that want to see them on disk. No symlink is followed.
    ///
    /// # Errors
    /// When the folder cannot be written.
    fn write_to(&self, folder: &Path) -> Outcome;
}
