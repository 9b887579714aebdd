//! `.git/index`: what git believes of the work tree, in the second version of its format.
//! <https://git-scm.com/docs/index-format>

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use gix_hash::{Kind, ObjectId};

use crate::model::{Context, Outcome};

/// A file, link or submodule of the work tree.
#[derive(Debug)]
pub(super) struct Entry {
    /// Below the work tree, as bytes: git sorts by them.
    pub path: Vec<u8>,
    /// Git's number for what it is.
    pub mode: u32,
    pub id: ObjectId,
    /// What the kernel says of it; lets git see without reading that it did not change.
    pub found: Metadata,
}

/// The longest path that the length field can tell; git counts longer ones itself.
const LONGEST: usize = 0xFFF;

/// The bytes of the file.
pub(super) fn index(mut entries: Vec<Entry>, hash: Kind) -> Outcome<Vec<u8>> {
    entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let mut bytes = b"DIRC\0\0\0\x02".to_vec();
    bytes.extend_from_slice(&(entries.len() as u32).to_be_bytes());
    for entry in &entries {
        let start = bytes.len();
        let found = &entry.found;
        let numbers = [
            found.ctime() as u32,
            found.ctime_nsec() as u32,
            found.mtime() as u32,
            found.mtime_nsec() as u32,
            found.dev() as u32,
            found.ino() as u32,
            entry.mode,
            found.uid(),
            found.gid(),
            found.size() as u32,
        ];
        // Git keeps the lower half of each, too.
        numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_be_bytes()));
        bytes.extend_from_slice(entry.id.as_slice());
        bytes.extend_from_slice(&(entry.path.len().min(LONGEST) as u16).to_be_bytes());
        bytes.extend_from_slice(&entry.path);
        let padding = 8 - (bytes.len() - start) % 8;
        bytes.resize(bytes.len() + padding, 0);
    }
    let mut hasher = gix_hash::hasher(hash);
    hasher.update(&bytes);
    let checksum = hasher.try_finalize().context(|| "cannot hash the index")?;
    bytes.extend_from_slice(checksum.as_slice());
    Ok(bytes)
}
