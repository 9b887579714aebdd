//! Commits, tags and trees as bytes. More forgiving than gix's own parsers where git is: an author
//! line from a 2008 import may lack its email, and must still be pushable.

use gix_hash::ObjectId;

use super::Kind;

/// A commit's header and message.
pub(in crate::platform::git) struct Commit<'a> {
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    /// The author line without its keyword.
    pub author: &'a [u8],
    /// The committer line without its keyword.
    pub committer: &'a [u8],
    /// All behind the header, the empty line included.
    pub message: &'a [u8],
}

/// Parses a commit; the error says what is wrong.
pub(in crate::platform::git) fn parse_commit(
    data: &[u8],
    hash: gix_hash::Kind,
) -> Result<Commit<'_>, &'static str> {
    let mut rest = data;
    let tree = id_line(&mut rest, b"tree ", hash).ok_or("no tree line")?;
    let mut parents = Vec::new();
    while rest.starts_with(b"parent ") {
        parents.push(id_line(&mut rest, b"parent ", hash).ok_or("bad parent line")?);
    }
    let author = line(&mut rest, b"author ").ok_or("no author line")?;
    let committer = line(&mut rest, b"committer ").ok_or("no committer line")?;
    let header_end = rest.windows(2).position(|pair| pair == b"\n\n");
    let message = if rest.starts_with(b"\n") {
        rest
    } else {
        header_end.map_or(&rest[rest.len()..], |at| &rest[at + 1..])
    };
    Ok(Commit { tree, parents, author, committer, message })
}

/// What an annotated tag points at.
pub(in crate::platform::git) struct Tag {
    pub target: ObjectId,
    pub kind: Kind,
}

/// Parses an annotated tag; the error says what is wrong.
pub(in crate::platform::git) fn parse_tag(data: &[u8], hash: gix_hash::Kind) -> Result<Tag, &'static str> {
    let mut rest = data;
    let target = id_line(&mut rest, b"object ", hash).ok_or("no object line")?;
    let kind = line(&mut rest, b"type ").and_then(Kind::from_name).ok_or("no type line")?;
    line(&mut rest, b"tag ").ok_or("no tag line")?;
    Ok(Tag { target, kind })
}

fn line<'a>(rest: &mut &'a [u8], keyword: &[u8]) -> Option<&'a [u8]> {
    let found = rest.strip_prefix(keyword)?;
    let end = found.iter().position(|byte| *byte == b'\n')?;
    *rest = &found[end + 1..];
    Some(&found[..end])
}

fn id_line(rest: &mut &[u8], keyword: &[u8], hash: gix_hash::Kind) -> Option<ObjectId> {
    let hex = line(rest, keyword)?;
    (hex.len() == hash.len_in_hex()).then(|| ObjectId::from_hex(hex).ok()).flatten()
}

/// What stands behind a name in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform::git) enum EntryMode {
    Folder,
    File,
    Executable,
    Symlink,
    Submodule,
}

/// A name in a tree.
#[derive(Clone, Copy, Debug)]
pub(in crate::platform::git) struct TreeEntry<'a> {
    pub mode: EntryMode,
    pub name: &'a [u8],
    pub id: &'a [u8],
}

/// The entries of a tree in their order; an error ends the walk.
pub(in crate::platform::git) struct TreeEntries<'a> {
    rest: &'a [u8],
    id_length: usize,
}

impl<'a> TreeEntries<'a> {
    pub(in crate::platform::git) fn new(data: &'a [u8], hash: gix_hash::Kind) -> Self {
        TreeEntries { rest: data, id_length: hash.len_in_bytes() }
    }

    fn entry(&mut self) -> Option<TreeEntry<'a>> {
        let space = self.rest.iter().take(8).position(|byte| *byte == b' ')?;
        let mode = mode(&self.rest[..space])?;
        let rest = &self.rest[space + 1..];
        let end = rest.iter().position(|byte| *byte == 0)?;
        let id = rest.get(end + 1..end + 1 + self.id_length)?;
        self.rest = &rest[end + 1 + self.id_length..];
        Some(TreeEntry { mode, name: &rest[..end], id })
    }
}

impl<'a> Iterator for TreeEntries<'a> {
    type Item = Result<TreeEntry<'a>, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = self.entry();
        if entry.is_none() {
            self.rest = &[];
        }
        Some(entry.ok_or("an entry is cut short or has an unknown mode"))
    }
}

/// Old tools wrote permissions such as 100664 and zero-padded modes; git takes both, and so do we.
fn mode(digits: &[u8]) -> Option<EntryMode> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0u32;
    for digit in digits {
        value = value * 8 + u32::from(digit.checked_sub(b'0').filter(|digit| *digit < 8)?);
    }
    match value & 0o170_000 {
        0o040_000 => Some(EntryMode::Folder),
        0o100_000 if value & 0o100 != 0 => Some(EntryMode::Executable),
        0o100_000 => Some(EntryMode::File),
        0o120_000 => Some(EntryMode::Symlink),
        0o160_000 => Some(EntryMode::Submodule),
        _ => None,
    }
}
