//! A folder on disk as a build context.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{BuildContext, ContextEntry, EntryKind};
use crate::model::{Context, Fault, Outcome};

/// The files below a folder, with the times they have there. Symlinks are told, not followed; sockets,
/// pipes and devices are left out.
#[derive(Clone, Debug)]
pub struct FolderContext {
    root: PathBuf,
}

impl FolderContext {
    /// The files below that folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        FolderContext { root: root.into() }
    }

    fn add_below(&self, folder: &str, entries: &mut Vec<ContextEntry>) -> Outcome {
        let path = self.root.join(folder);
        let what = || format!("cannot read the folder {}", path.display());
        for found in fs::read_dir(&path).context(what)? {
            let found = found.context(what)?;
            let name = found.file_name().into_string().map_err(|name| {
                Fault::new(format!("the file name {} in {} is not UTF-8", name.display(), path.display()))
                    .hint("rename the file: a build context takes UTF-8 names alone")
            })?;
            let relative = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if let Some(entry) = entry(&found.path(), relative)? {
                let is_folder = entry.kind == EntryKind::Folder;
                entries.push(entry);
                if is_folder {
                    let below = entries[entries.len() - 1].path.clone();
                    self.add_below(&below, entries)?;
                }
            }
        }
        Ok(())
    }
}

impl BuildContext for FolderContext {
    fn entries(&self) -> Outcome<Vec<ContextEntry>> {
        let mut entries = Vec::new();
        self.add_below("", &mut entries)?;
        Ok(entries)
    }

    fn open(&self, entry: &ContextEntry) -> Outcome<Box<dyn Read + Send>> {
        let path = self.root.join(&entry.path);
        let file = File::open(&path).context(|| format!("cannot read {}", path.display()))?;
        Ok(Box::new(file))
    }
}

fn entry(path: &Path, relative: String) -> Outcome<Option<ContextEntry>> {
    let what = || format!("cannot read {}", path.display());
    let found = fs::symlink_metadata(path).context(what)?;
    let kind = if found.is_dir() {
        EntryKind::Folder
    } else if found.is_file() {
        EntryKind::File { executable: found.permissions().mode() & 0o111 != 0 }
    } else if found.file_type().is_symlink() {
        EntryKind::Symlink(fs::read_link(path).context(what)?.to_string_lossy().into_owned())
    } else {
        return Ok(None);
    };
    let size = if found.is_file() { found.len() } else { 0 };
    let modified = found.mtime() * 1_000_000_000 + found.mtime_nsec();
    Ok(Some(ContextEntry { path: relative, kind, size, modified, content: Vec::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_folders_and_symlinks_are_told_as_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir_all(root.join("src/empty")).expect("a folder");
        fs::write(root.join("src/run"), "#!/bin/sh").expect("a file");
        fs::set_permissions(root.join("src/run"), fs::Permissions::from_mode(0o700)).expect("a mode");
        std::os::unix::fs::symlink("/etc/passwd", root.join("out")).expect("a symlink");
        let context = FolderContext::new(root);
        let mut entries = context.entries().expect("a readable folder");
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        let told: Vec<(&str, &EntryKind, u64)> =
            entries.iter().map(|entry| (entry.path.as_str(), &entry.kind, entry.size)).collect();
        assert_eq!(
            told,
            [
                ("out", &EntryKind::Symlink("/etc/passwd".into()), 0),
                ("src", &EntryKind::Folder, 0),
                ("src/empty", &EntryKind::Folder, 0),
                ("src/run", &EntryKind::File { executable: true }, 9),
            ]
        );
        let mut text = String::new();
        context.open(&entries[3]).expect("it is there").read_to_string(&mut text).expect("text");
        assert_eq!(text, "#!/bin/sh");
    }
}
