//! A commit's tree as the code of a deploy, read straight from the object database.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::Source;
use crate::model::{Context, Fault, Outcome};
use crate::platform::docker::{BuildContext, ContextEntry, EntryKind};
use crate::platform::files;
use crate::platform::git::{FileKind, Next, ObjectId, Tree};

/// The largest file that a deploy reads whole: Procfile, app.json and their like.
const LARGEST: u64 = 16 << 20;

/// The tree of a commit, or one of its folders.
#[derive(Clone)]
pub struct CommitSource {
    tree: Tree,
    /// Seconds of the epoch: all files are as old as the commit.
    time: i64,
}

impl CommitSource {
    /// The tree of a commit made at `time`, seconds of the epoch.
    pub fn new(tree: Tree, time: i64) -> Self {
        CommitSource { tree, time }
    }
}

impl Source for CommitSource {
    fn read(&self, path: &str) -> Outcome<Option<Vec<u8>>> {
        self.tree.read_file(path, LARGEST)
    }

    fn contains(&self, path: &str) -> Outcome<bool> {
        Ok(self.tree.kind(path)?.is_some())
    }

    fn below(&self, folder: &str) -> Outcome<Option<Arc<dyn Source>>> {
        let below = self.tree.below(folder)?;
        Ok(below.map(|tree| Arc::new(CommitSource { tree, time: self.time }) as Arc<dyn Source>))
    }

    fn context(&self) -> Arc<dyn BuildContext> {
        Arc::new(self.clone())
    }

    fn write_to(&self, folder: &Path) -> Outcome {
        self.tree.walk(&mut |found| {
            let path = folder.join(found.path);
            match found.kind {
                FileKind::Folder | FileKind::Submodule => files::create_folders(&path, 0o755)?,
                FileKind::Symlink => files::symlink(&String::from_utf8_lossy(&found.read()?), &path)?,
                FileKind::File => files::copy_from(&mut found.content()?.1, &path, 0o644)?,
                FileKind::Executable => files::copy_from(&mut found.content()?.1, &path, 0o755)?,
            }
            Ok(Next::Enter)
        })
    }
}

impl BuildContext for CommitSource {
    fn entries(&self) -> Outcome<Vec<ContextEntry>> {
        let mut entries = Vec::new();
        let mut submodules = Vec::new();
        self.tree.walk(&mut |found| {
            let path = found.path.to_str().context_none(|| found.path.display().to_string())?;
            let kind = match found.kind {
                FileKind::Folder => EntryKind::Folder,
                FileKind::File => EntryKind::File { executable: false },
                FileKind::Executable => EntryKind::File { executable: true },
                FileKind::Symlink => EntryKind::Symlink(String::from_utf8_lossy(&found.read()?).into_owned()),
                FileKind::Submodule => {
                    submodules.push(path.to_owned());
                    return Ok(Next::Skip);
                }
            };
            let size = match kind {
                EntryKind::File { .. } => found.size()?,
                EntryKind::Folder | EntryKind::Symlink(_) => 0,
            };
            entries.push(ContextEntry {
                path: path.to_owned(),
                kind,
                size,
                modified: modified(self.time, &found.id),
                content: found.id.as_bytes().to_vec(),
            });
            Ok(Next::Enter)
        })?;
        if submodules.is_empty() { Ok(entries) } else { Err(without_submodules(&submodules)) }
    }

    fn open(&self, entry: &ContextEntry) -> Outcome<Box<dyn Read + Send>> {
        let id =
            ObjectId::try_from(entry.content.as_slice()).context(|| format!("cannot read {}", entry.path))?;
        self.tree.content_of(&id)
    }
}

/// What an `Option` lacks: a fault for a path that is not UTF-8.
trait ContextNone<T> {
    fn context_none(self, path: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T> ContextNone<T> for Option<T> {
    fn context_none(self, path: impl FnOnce() -> String) -> Outcome<T> {
        self.ok_or_else(|| {
            Fault::new(format!("the name of {} is not UTF-8", path()))
                .hint("Rename the file, commit, and push again")
        })
    }
}

/// A build without the files of a submodule would be a build of something else.
fn without_submodules(paths: &[String]) -> Fault {
    Fault::new(format!(
        "The commit has submodules, whose files are not part of the push: {}",
        paths.join(", ")
    ))
    .hint("Put their files into the repository itself, for example with git subtree, and push again")
}

/// The commit's time, with a fraction of a second made of the content: two versions of a file in
/// commits of the same second still differ, and what a web server says of a file's age does not go back.
fn modified(time: i64, id: &ObjectId) -> i64 {
    let fraction = id.as_bytes().iter().take(4).fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
    time.saturating_mul(1_000_000_000).saturating_add(fraction % 1_000_000_000)
}
