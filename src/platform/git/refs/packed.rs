//! The `packed-refs` file: many references in one sorted file.

use std::collections::BTreeMap;
use std::path::Path;

use gix_hash::ObjectId;

use crate::model::{Fault, Outcome};
use crate::platform::files;

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PackedRef {
    pub name: String,
    pub id: ObjectId,
    /// What an annotated tag peels to.
    pub peeled: Option<ObjectId>,
}

/// The file in memory, sorted by name.
#[derive(Debug, Default)]
pub(super) struct PackedRefs {
    pub entries: Vec<PackedRef>,
    /// Every entry that can be peeled says so, git's `fully-peeled`.
    is_fully_peeled: bool,
}

impl PackedRefs {
    /// Reads the file; none there is an empty one.
    pub(super) fn read(path: &Path, hash: gix_hash::Kind) -> Outcome<Self> {
        let Some(text) = files::read_text(path)? else {
            return Ok(PackedRefs { entries: Vec::new(), is_fully_peeled: true });
        };
        PackedRefs::parse(&text, hash)
            .map_err(|line| Fault::new(format!("{} is broken at the line '{line}'", path.display())))
    }

    fn parse(text: &str, hash: gix_hash::Kind) -> Result<Self, String> {
        let mut packed = PackedRefs::default();
        for line in text.lines() {
            if let Some(comment) = line.strip_prefix('#') {
                packed.is_fully_peeled |= comment.split(' ').any(|word| word == "fully-peeled");
                continue;
            }
            let parsed = match line.strip_prefix('^') {
                Some(hex) => {
                    id(hex, hash).zip(packed.entries.last_mut()).map(|(id, last)| last.peeled = Some(id))
                }
                None => line.split_once(' ').and_then(|(hex, name)| {
                    let entry = PackedRef { name: name.to_owned(), id: id(hex, hash)?, peeled: None };
                    packed.entries.push(entry);
                    Some(())
                }),
            };
            parsed.ok_or_else(|| line.chars().take(200).collect::<String>())?;
        }
        if !packed.entries.is_sorted_by(|a, b| a.name < b.name) {
            packed.entries.sort_by(|a, b| a.name.cmp(&b.name));
            packed.entries.dedup_by(|a, b| a.name == b.name);
        }
        Ok(packed)
    }

    pub(super) fn find(&self, name: &str) -> Option<&PackedRef> {
        let at = self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.entries.get(at)
    }

    /// The file with these entries put in (or taken out, where `None`).
    pub(super) fn with(&self, changes: &BTreeMap<&str, Option<PackedRef>>) -> PackedRefs {
        let kept = self.entries.iter().filter(|entry| !changes.contains_key(entry.name.as_str()));
        let mut entries: Vec<PackedRef> = kept.cloned().chain(changes.values().flatten().cloned()).collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        PackedRefs { entries, is_fully_peeled: self.is_fully_peeled }
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        let traits = if self.is_fully_peeled { "peeled fully-peeled sorted" } else { "sorted" };
        // Git writes this trailing space too, and its reader looks for ` sorted `.
        let mut text = format!("# pack-refs with: {traits} \n");
        for entry in &self.entries {
            text.push_str(&format!("{} {}\n", entry.id, entry.name));
            if let Some(peeled) = entry.peeled {
                text.push_str(&format!("^{peeled}\n"));
            }
        }
        text
    }
}

fn id(hex: &str, hash: gix_hash::Kind) -> Option<ObjectId> {
    ObjectId::from_hex(hex.as_bytes()).ok().filter(|id| id.kind() == hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn parse(text: &str) -> PackedRefs {
        PackedRefs::parse(text, gix_hash::Kind::Sha1).expect("a good file")
    }

    #[test]
    fn what_git_writes_comes_back_unchanged() {
        let text = format!(
            "# pack-refs with: peeled fully-peeled sorted \n{A} refs/heads/main\n{B} refs/tags/v1\n^{A}\n"
        );
        assert_eq!(parse(&text).text(), text);
    }

    #[test]
    fn an_unsorted_old_file_is_found_by_name() {
        let packed = parse(&format!("{A} refs/tags/b\n{B} refs/heads/a\n"));
        assert_eq!(packed.find("refs/heads/a").map(|entry| entry.id.to_string()).as_deref(), Some(B));
        assert!(packed.text().starts_with("# pack-refs with: sorted \n"), "nobody peeled these");
    }

    #[test]
    fn changes_go_in_sorted_and_out() {
        let packed = parse(&format!("{A} refs/heads/a\n{A} refs/heads/c\n"));
        let new = PackedRef { name: "refs/heads/b".into(), id: packed.entries[0].id, peeled: None };
        let changed = packed.with(&BTreeMap::from([("refs/heads/b", Some(new)), ("refs/heads/a", None)]));
        let names: Vec<&str> = changed.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["refs/heads/b", "refs/heads/c"]);
    }

    #[test]
    fn a_broken_line_is_named() {
        assert_eq!(PackedRefs::parse("nonsense\n", gix_hash::Kind::Sha1).err().as_deref(), Some("nonsense"));
    }
}
