//! A commit's tree as the code of a deploy, read straight from the object database.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Source;
use crate::model::{Context, Fault, Outcome};
use crate::platform::docker::{BuildContext, ContextEntry, EntryKind};
use crate::platform::files;
use crate::platform::git::{CommitInfo, ObjectId, Objects};

/// The tree of a commit, or one of its folders.
#[derive(Clone)]
pub struct CommitSource {
    objects: Arc<Mutex<Objects>>,
    tree: ObjectId,
    /// Seconds of the epoch: all files are as old as the commit.
    time: i64,
}

/// One entry of a folder.
struct Item {
    name: String,
    mode: u16,
    id: ObjectId,
}

const FOLDER: u16 = 0o040_000;
const SYMLINK: u16 = 0o120_000;
const SUBMODULE: u16 = 0o160_000;

impl CommitSource {
    /// The whole tree of a commit.
    pub fn new(objects: Objects, commit: &CommitInfo) -> Self {
        CommitSource { objects: Arc::new(Mutex::new(objects)), tree: commit.tree, time: commit.time }
    }

    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn data(&self, id: &ObjectId) -> Outcome<Vec<u8>> {
        let found = self.objects().find(id)?;
        found.map(|object| object.data).ok_or_else(|| Fault::new(format!("object {id} is missing")))
    }

    fn items(&self, tree: &ObjectId) -> Outcome<Vec<Item>> {
        let data = self.data(tree)?;
        gix_object::TreeRefIter::from_bytes(&data, tree.kind())
            .map(|entry| {
                let entry = entry.context(|| format!("the folder {tree} is broken"))?;
                let name = String::from_utf8(entry.filename.to_vec())
                    .context(|| "a file name of the pushed commit is not UTF-8")?;
                Ok(Item {
                    name,
                    mode: entry.mode.value() & 0o170_000 | entry.mode.value() & 0o111,
                    id: entry.oid.to_owned(),
                })
            })
            .collect()
    }

    fn find(&self, path: &str) -> Outcome<Option<Item>> {
        let mut found: Option<Item> = None;
        for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
            let tree = match &found {
                None => self.tree,
                Some(item) if item.mode & 0o170_000 == FOLDER => item.id,
                Some(_) => return Ok(None),
            };
            found = self.items(&tree)?.into_iter().find(|item| item.name == part);
            if found.is_none() {
                return Ok(None);
            }
        }
        Ok(found)
    }

    fn walk(&self, tree: &ObjectId, prefix: &str, visit: &mut dyn FnMut(String, Item) -> Outcome) -> Outcome {
        for item in self.items(tree)? {
            let path = format!("{prefix}{}", item.name);
            if item.mode & 0o170_000 == FOLDER {
                self.walk(&item.id, &format!("{path}/"), visit)?;
            } else {
                visit(path, item)?;
            }
        }
        Ok(())
    }
}

impl Source for CommitSource {
    fn read(&self, path: &str) -> Outcome<Option<Vec<u8>>> {
        match self.find(path)? {
            Some(item) if item.mode & 0o170_000 == 0o100_000 => self.data(&item.id).map(Some),
            _ => Ok(None),
        }
    }

    fn contains(&self, path: &str) -> Outcome<bool> {
        Ok(self.find(path)?.is_some())
    }

    fn below(&self, folder: &str) -> Outcome<Option<Arc<dyn Source>>> {
        let Some(item) = self.find(folder)?.filter(|item| item.mode & 0o170_000 == FOLDER) else {
            return Ok(None);
        };
        Ok(Some(Arc::new(CommitSource { tree: item.id, ..self.clone() })))
    }

    fn context(&self) -> Arc<dyn BuildContext> {
        Arc::new(self.clone())
    }

    fn write_to(&self, folder: &Path) -> Outcome {
        self.walk(&self.tree, "", &mut |path, item| {
            let data = self.data(&item.id)?;
            let target = folder.join(path);
            match item.mode & 0o170_000 {
                SYMLINK => files::symlink(&String::from_utf8_lossy(&data), &target),
                SUBMODULE => files::create_folders(&target, 0o755),
                _ => files::write(&target, &data, if item.mode & 0o111 == 0 { 0o644 } else { 0o755 }),
            }
        })
    }
}

impl BuildContext for CommitSource {
    fn entries(&self) -> Outcome<Vec<ContextEntry>> {
        let mut entries = Vec::new();
        self.walk(&self.tree, "", &mut |path, item| {
            let is_link = item.mode & 0o170_000 == SYMLINK;
            let size = if is_link { 0 } else { self.data(&item.id)?.len() as u64 };
            let kind = match item.mode & 0o170_000 {
                SYMLINK => EntryKind::Symlink(String::from_utf8_lossy(&self.data(&item.id)?).into_owned()),
                SUBMODULE => EntryKind::Folder,
                _ => EntryKind::File { executable: item.mode & 0o111 != 0 },
            };
            entries.push(ContextEntry {
                path,
                kind,
                size,
                modified: modified(self.time, &item.id),
                content: item.id.as_bytes().to_vec(),
            });
            Ok(())
        })?;
        Ok(entries)
    }

    fn open(&self, entry: &ContextEntry) -> Outcome<Box<dyn Read + Send>> {
        let id =
            ObjectId::try_from(entry.content.as_slice()).context(|| "a build context entry without id")?;
        Ok(Box::new(Cursor::new(self.data(&id)?)))
    }
}

/// The commit's time, with a fraction of a second made of the content: two versions of a file in
/// commits of the same second still differ.
fn modified(time: i64, id: &ObjectId) -> i64 {
    let bytes = id.as_bytes();
    let fraction = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) % 1_000_000_000;
    time * 1_000_000_000 + i64::from(fraction)
}
