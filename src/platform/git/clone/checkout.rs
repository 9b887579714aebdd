//! The files of the commit, written into the new folder.
//!
//! Bytes are written as they were committed: no line ending changes, no filter runs. The tree was checked when it
//! arrived, so that no name leads out and none is there twice; and nothing is ever written through a link.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Component, Path};

use super::ask::{CloneLimits, Deadline};
use super::worktree_index::Entry;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::git::tree::{FileKind, Found, Next, Tree};

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub entries: Vec<Entry>,
    /// Paths of submodules.
    pub submodules: Vec<String>,
}

/// The longest target of a link; Linux takes no longer one.
const LONGEST_LINK: u64 = 4095;

/// Writes the tree into a folder that holds nothing but `.git`.
pub(super) fn check_out(
    tree: &Tree,
    folder: &Path,
    limits: &CloneLimits,
    deadline: Deadline,
) -> Outcome<Written> {
    let mut written = Written::default();
    let (mut bytes, mut files) = (0, 0);
    tree.walk(&mut |found| {
        deadline.check()?;
        bytes += found.size()?;
        files += 1;
        if bytes > limits.bytes || files > limits.files {
            return Err(Fault::new(format!(
                "its files are more than the limit of {} bytes and {} files",
                limits.bytes, limits.files
            )));
        }
        let path = folder.join(found.path);
        let mode = write(found, &path)?;
        files::give_to_dokku(&path)?;
        if found.kind == FileKind::Submodule {
            written.submodules.push(found.path.to_string_lossy().into_owned());
        }
        if let Some(mode) = mode {
            let what = || format!("cannot look at {}", path.display());
            written.entries.push(Entry {
                path: found.path.as_os_str().as_bytes().to_vec(),
                mode,
                id: found.id,
                found: fs::symlink_metadata(&path).context(what)?,
            });
        }
        Ok(Next::Enter)
    })?;
    Ok(written)
}

/// Writes one path; gives its number in git's index, where folders do not stand.
fn write(found: &Found<'_>, path: &Path) -> Outcome<Option<u32>> {
    let what = || format!("cannot write {}", found.path.display());
    match found.kind {
        FileKind::Folder => {
            DirBuilder::new().mode(0o755).create(path).context(what)?;
            Ok(None)
        }
        FileKind::Submodule => {
            DirBuilder::new().mode(0o755).create(path).context(what)?;
            Ok(Some(0o160_000))
        }
        FileKind::Symlink => {
            if found.size()? > LONGEST_LINK {
                return Err(Fault::new(format!("the link {} is too long", found.path.display())));
            }
            let target = found.read()?;
            let target = Path::new(OsStr::from_bytes(&target));
            if leads_out(found.path, target) {
                return Err(Fault::new(format!(
                    "the link {} leads out of the repository, to {}",
                    found.path.display(),
                    target.display()
                )));
            }
            symlink(target, path).context(what)?;
            Ok(Some(0o120_000))
        }
        FileKind::File => write_file(found, path, 0o644).map(|()| Some(0o100_644)),
        FileKind::Executable => write_file(found, path, 0o755).map(|()| Some(0o100_755)),
    }
}

fn write_file(found: &Found<'_>, path: &Path, mode: u32) -> Outcome {
    let what = || format!("cannot write {}", found.path.display());
    // A new file and nothing else: what stands there already, even a link, is a fault.
    let mut file: File =
        OpenOptions::new().write(true).create_new(true).mode(mode).open(path).context(what)?;
    let (size, mut content) = found.content()?;
    if io::copy(&mut content, &mut file).context(what)? != size {
        return Err(Fault::new(format!("{}: its content is cut short", what())));
    }
    file.set_permissions(Permissions::from_mode(mode)).context(what)
}

/// True when a link at this path has a target outside of the repository.
fn leads_out(path: &Path, target: &Path) -> bool {
    let mut depth = path.components().count() - 1;
    for part in target.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_out_are_told_from_those_that_stay() {
        for (path, target, expected) in [
            ("a", "b", false),
            ("a", "/etc/passwd", true),
            ("a", "..", true),
            ("d/a", "../b", false),
            ("d/a", "../../b", true),
            ("d/a", "./x/../../b", false),
            ("a", "x/../../b", true),
        ] {
            assert_eq!(leads_out(Path::new(path), Path::new(target)), expected, "{path} -> {target}");
        }
    }
}
