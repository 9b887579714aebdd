//! Commits made here: what `git add --all` and `git commit` would make of a folder.

use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gix_hash::ObjectId;
use gix_object::tree::{Entry, EntryKind};
use gix_object::{Kind, Tree, Write};
use gix_odb::loose::Store;

use super::repository::Repository;
use crate::model::{Context, Outcome};

/// What a commit says beside its files.
#[derive(Clone, Debug)]
pub struct CommitPlan {
    /// The commit before it.
    pub parent: Option<ObjectId>,
    /// Who made it.
    pub name: String,
    /// Where to reach who made it.
    pub email: String,
    /// Its message.
    pub message: String,
    /// When, in seconds since 1970.
    pub time: i64,
}

impl Repository {
    /// Makes a commit of all files of a folder, but for `.git` folders. No reference leads to it yet. None when the
    /// folder is just what the parent has.
    ///
    /// # Errors
    /// When a file cannot be read, or an object not written.
    pub fn commit_folder(&self, folder: &Path, plan: &CommitPlan) -> Outcome<Option<ObjectId>> {
        let store = Store::at(self.objects_folder(), self.hash());
        let tree = write_tree(&store, folder)?;
        if let Some(parent) = &plan.parent
            && self.commit_info(parent)?.tree == tree
        {
            return Ok(None);
        }
        let parent = plan.parent.map(|id| format!("parent {id}\n")).unwrap_or_default();
        let who = format!("{} <{}> {} +0000", plain(&plan.name), plain(&plan.email), plan.time);
        let text =
            format!("tree {tree}\n{parent}author {who}\ncommitter {who}\n\n{}\n", plan.message.trim_end());
        let id = store.write_buf(Kind::Commit, text.as_bytes()).context(|| "cannot write a commit")?;
        Ok(Some(id))
    }
}

/// A name as a commit can hold it.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && *c != '<' && *c != '>').collect::<String>().trim().to_owned()
}

fn write_tree(store: &Store, folder: &Path) -> Outcome<ObjectId> {
    let what = || format!("cannot read {}", folder.display());
    let mut entries = Vec::new();
    for found in fs::read_dir(folder).context(what)? {
        let found = found.context(what)?;
        let (name, path) = (found.file_name(), found.path());
        if name == ".git" {
            continue;
        }
        let what = || format!("cannot store {}", path.display());
        let about = fs::symlink_metadata(&path).context(what)?;
        let (kind, oid) = if about.is_dir() {
            let id = write_tree(store, &path)?;
            // Git knows no empty folders.
            if id == ObjectId::empty_tree(id.kind()) {
                continue;
            }
            (EntryKind::Tree, id)
        } else if about.is_symlink() {
            let target = fs::read_link(&path).context(what)?;
            (EntryKind::Link, store.write_buf(Kind::Blob, target.as_os_str().as_bytes()).context(what)?)
        } else if about.is_file() {
            let mut file = fs::File::open(&path).context(what)?;
            let is_program = about.permissions().mode() & 0o100 != 0;
            let kind = if is_program { EntryKind::BlobExecutable } else { EntryKind::Blob };
            (kind, store.write_stream(Kind::Blob, about.len(), &mut file).context(what)?)
        } else {
            // A socket or a device is no code.
            continue;
        };
        entries.push(Entry { mode: kind.into(), filename: name.into_vec().into(), oid });
    }
    entries.sort();
    store.write(&Tree { entries }).context(what)
}
