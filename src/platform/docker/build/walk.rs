//! What of a build context is told to the engine, and in which order.

use std::collections::BTreeMap;

use bollard_buildkit_proto::fsutil::types::Stat;

use super::follow::Follow;
use crate::model::dockerignore::Dockerignore;
use crate::model::{Fault, Outcome};
use crate::platform::docker::{ContextEntry, EntryKind};

/// Go's bits for kinds of files (`os.FileMode`).
const FOLDER: u32 = 1 << 31;
const SYMLINK: u32 = 1 << 27;

/// Which files are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The folder that is the root, with a trailing slash; empty for the context's own.
    pub root: String,
    /// Only what fits these patterns.
    pub include: Vec<String>,
    /// Not what fits these, by the rules of `.dockerignore`.
    pub exclude: Vec<String>,
    /// Only these paths, and what they lead to.
    pub follow: Vec<String>,
}

/// A file as it is told, and where its content is.
pub struct Item {
    pub stat: Stat,
    pub entry: ContextEntry,
}

/// All that is wanted, folders above included, in the order that the protocol asks for: a folder
/// before what is in it, names in the order of their bytes.
pub fn walk(entries: &[ContextEntry], wanted: &Wanted) -> Outcome<Vec<Item>> {
    let ignore = Dockerignore::of_patterns(&wanted.exclude)?;
    let shown = |entry: &'_ ContextEntry| entry.path.strip_prefix(wanted.root.as_str()).map(str::to_owned);
    let below: Vec<(String, &ContextEntry)> =
        entries.iter().filter_map(|entry| Some((shown(entry)?, entry))).collect();
    let follow = Follow::new(&wanted.follow, &wanted.include, &below);
    let mut items: BTreeMap<Key, Item> = BTreeMap::new();
    for (path, entry) in below {
        check(&path)?;
        if follow.includes(&path) && !ignore.excludes(&path) {
            add_folders(&path, entry.modified, &mut items);
            items.insert(key(&path), Item { stat: stat(path, entry), entry: entry.clone() });
        }
    }
    Ok(items.into_values().collect())
}

type Key = Vec<u8>;

/// Sorts a folder's content right behind it: a slash comes before all other bytes.
fn key(path: &str) -> Key {
    path.bytes().map(|byte| if byte == b'/' { 0 } else { byte }).collect()
}

/// A path that leads out of the tree would be refused by the engine with a worse message.
fn check(path: &str) -> Outcome {
    if path.is_empty() || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Fault::new(format!("the path {path:?} cannot be part of a build context")));
    }
    Ok(())
}

/// The folders above a path that nothing has named yet.
fn add_folders(path: &str, modified: i64, items: &mut BTreeMap<Key, Item>) {
    for (at, _) in path.match_indices('/') {
        let folder = &path[..at];
        items.entry(key(folder)).or_insert_with(|| {
            let entry =
                ContextEntry { path: folder.to_owned(), kind: EntryKind::Folder, modified, ..nothing() };
            Item { stat: stat(folder.to_owned(), &entry), entry }
        });
    }
}

fn stat(path: String, entry: &ContextEntry) -> Stat {
    let (mode, size, linkname) = match &entry.kind {
        EntryKind::Folder => (FOLDER | 0o755, 0, String::new()),
        EntryKind::File { executable: true } => (0o755, entry.size, String::new()),
        EntryKind::File { executable: false } => (0o644, entry.size, String::new()),
        EntryKind::Symlink(target) => (SYMLINK | 0o777, target.len() as u64, target.clone()),
    };
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    Stat { path, mode, size, mod_time: entry.modified, linkname, ..Stat::default() }
}

fn nothing() -> ContextEntry {
    ContextEntry { path: String::new(), kind: EntryKind::Folder, size: 0, modified: 0, content: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> ContextEntry {
        ContextEntry { path: path.into(), kind: EntryKind::File { executable: false }, size: 1, ..nothing() }
    }

    fn check(files: &[&str], wanted: Wanted, expected: &[&str]) {
        let items =
            walk(&files.iter().map(|path| file(path)).collect::<Vec<_>>(), &wanted).expect("good paths");
        let paths: Vec<&str> = items.iter().map(|item| item.stat.path.as_str()).collect();
        assert_eq!(paths, expected);
    }

    #[test]
    fn folders_come_before_their_content_and_before_longer_names() {
        check(
            &["a.b", "a/c", "a-b", "a/b/d"],
            Wanted::default(),
            &["a", "a/b", "a/b/d", "a/c", "a-b", "a.b"],
        );
    }

    #[test]
    fn what_is_excluded_leaves_no_empty_folder() {
        let exclude = vec!["logs".to_owned(), "*.md".to_owned(), "!README.md".to_owned()];
        let wanted = Wanted { exclude, ..Wanted::default() };
        check(&["logs/a", "README.md", "x.md", "src/a"], wanted, &["README.md", "src", "src/a"]);
    }

    #[test]
    fn the_dockerfile_may_stand_in_a_folder() {
        let follow = vec!["Dockerfile".to_owned()];
        let wanted = Wanted { root: "docker/".into(), follow, ..Wanted::default() };
        check(&["Dockerfile", "docker/Dockerfile", "docker/x"], wanted, &["Dockerfile"]);
    }

    #[test]
    fn a_path_that_leads_out_is_refused() {
        for path in ["../a", "a/../b", "/a", "a//b", ""] {
            assert!(walk(&[file(path)], &Wanted::default()).is_err(), "{path}");
        }
    }
}
