//! Is an object well formed, and what does it point at?
//!
//! gix accepts trees that no honest client makes (`.git`, `..`, names twice), so that the check
//! stands here: a tree that passed it can be written to a folder without leaving it.

use gix_hash::ObjectId;
use gix_object::tree::name_order;
use gix_validate::path::component;

use super::Kind;
use super::parse::{EntryMode, TreeEntries, TreeEntry, parse_commit, parse_tag};

/// An object that another one needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::platform::git) struct Link {
    pub id: ObjectId,
    pub kind: Kind,
}

/// Checks one object and reports each link of it. A submodule's commit is not a link: it lives elsewhere.
pub(in crate::platform::git) fn check(
    kind: Kind,
    data: &[u8],
    hash: gix_hash::Kind,
    mut link: impl FnMut(Link),
) -> Result<(), String> {
    match kind {
        Kind::Blob => {}
        Kind::Tree => check_tree(data, hash, &mut link)?,
        Kind::Commit => {
            let commit = parse_commit(data, hash)?;
            link(Link { id: commit.tree, kind: Kind::Tree });
            for id in commit.parents {
                link(Link { id, kind: Kind::Commit });
            }
        }
        Kind::Tag => {
            let tag = parse_tag(data, hash)?;
            link(Link { id: tag.target, kind: tag.kind });
        }
    }
    Ok(())
}

fn check_tree(data: &[u8], hash: gix_hash::Kind, link: &mut impl FnMut(Link)) -> Result<(), String> {
    let mut before: Option<TreeEntry<'_>> = None;
    // Files whose name a later folder could repeat: `a`, `a.b`, `a/` is in order and still twice `a`.
    let mut open_files: Vec<&[u8]> = Vec::new();
    for entry in TreeEntries::new(data, hash) {
        let entry = entry?;
        let is_folder = entry.mode == EntryMode::Folder;
        check_name(&entry)?;
        if let Some(before) = before {
            let was_folder = before.mode == EntryMode::Folder;
            let order = name_order(before.name, was_folder, entry.name, is_folder);
            if before.name == entry.name || order != std::cmp::Ordering::Less {
                return Err(format!("the entry {} is out of order or there twice", shown(entry.name)));
            }
        }
        open_files.retain(|name| entry.name.starts_with(name));
        if !is_folder {
            open_files.push(entry.name);
        } else if open_files.contains(&entry.name) {
            return Err(format!("{} is a file and a folder", shown(entry.name)));
        }
        if entry.id.iter().all(|byte| *byte == 0) {
            return Err(format!("the entry {} points at nothing", shown(entry.name)));
        }
        let kind = match entry.mode {
            EntryMode::Folder => Some(Kind::Tree),
            EntryMode::File | EntryMode::Executable | EntryMode::Symlink => Some(Kind::Blob),
            EntryMode::Submodule => None,
        };
        if let (Some(kind), Ok(id)) = (kind, ObjectId::try_from(entry.id)) {
            link(Link { id, kind });
        }
        before = Some(entry);
    }
    Ok(())
}

/// A name that could lead out of a folder, or that git keeps for itself, is refused.
pub(in crate::platform::git) fn check_name(entry: &TreeEntry<'_>) -> Result<(), String> {
    // Millions of names pass here; the full check is only for those that could fail it.
    let is_plain = !matches!(entry.name.first(), None | Some(b'.' | b'g' | b'G'))
        && entry.name.iter().all(|byte| byte.is_ascii() && !matches!(byte, b'/' | b'\\'));
    if is_plain {
        return Ok(());
    }
    let mode = (entry.mode == EntryMode::Symlink).then_some(component::Mode::Symlink);
    let options = component::Options { protect_windows: false, protect_hfs: true, protect_ntfs: true };
    match gix_validate::path::component(entry.name.into(), mode, options) {
        Ok(_) => Ok(()),
        Err(why) => Err(format!("the name {} is not allowed: {why}", shown(entry.name))),
    }
}

fn shown(name: &[u8]) -> String {
    format!("'{}'", name.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut data = Vec::new();
        for (mode, name) in entries {
            data.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            data.extend_from_slice(&[7; 20]);
        }
        data
    }

    fn verdict(entries: &[(&str, &str)]) -> Result<usize, String> {
        let mut links = 0;
        check(Kind::Tree, &tree(entries), gix_hash::Kind::Sha1, |_| links += 1).map(|()| links)
    }

    #[test]
    fn honest_trees_pass_old_modes_included() {
        let entries = [
            ("100644", ".gitignore"),
            ("100664", "a"),
            ("100755", "b"),
            ("120000", "c"),
            ("160000", "d"),
            ("040000", "e"),
        ];
        assert_eq!(verdict(&entries), Ok(5), "a submodule is no link");
    }

    #[test]
    fn trees_that_lead_out_or_lie_are_refused() {
        for bad in [
            &[("100644", ".git")][..],
            &[("40000", ".GIT")],
            &[("40000", "git~1")],
            &[("100644", ".g\u{200c}it")],
            &[("40000", "..")],
            &[("40000", ".")],
            &[("100644", "")],
            &[("100644", "a/b")],
            &[("100644", "a"), ("100755", "a")],
            &[("100644", "a"), ("100644", "a.b"), ("40000", "a")],
            &[("100644", "b"), ("100644", "a")],
            &[("120000", ".gitmodules")],
            &[("70000", "a")],
            &[("10x644", "a")],
        ] {
            assert!(verdict(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_cut_tree_is_refused() {
        let data = tree(&[("100644", "a")]);
        assert!(check(Kind::Tree, &data[..data.len() - 1], gix_hash::Kind::Sha1, |_| ()).is_err());
    }

    #[test]
    fn commits_with_odd_author_lines_pass_and_cut_ones_do_not() {
        let id = "1".repeat(40);
        let odd = format!("tree {id}\nparent {id}\nauthor nobody\ncommitter x <> \n\nhello\n");
        let mut links = Vec::new();
        check(Kind::Commit, odd.as_bytes(), gix_hash::Kind::Sha1, |link| links.push(link.kind))
            .expect("git takes it");
        assert_eq!(links, [Kind::Tree, Kind::Commit]);
        for bad in [format!("tree {id}"), format!("tree {id}\nauthor a\n"), "author a\n".to_owned()] {
            assert!(check(Kind::Commit, bad.as_bytes(), gix_hash::Kind::Sha1, |_| ()).is_err(), "{bad}");
        }
    }
}
