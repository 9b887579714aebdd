//! What stands in a checkout's `.git` beside the objects.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId};

use super::choose::{Aim, Choice};
use crate::model::{Fault, Outcome};
use crate::platform::files;
use crate::platform::git::refs::name_fault;

/// Makes the folders; gives the one of the objects.
pub(super) fn make_folders(git: &Path) -> Outcome<PathBuf> {
    for name in ["info", "objects/info", "objects/pack", "refs/heads", "refs/tags"] {
        files::create_folders(&git.join(name), 0o755)?;
    }
    Ok(git.join("objects"))
}

/// Writes configuration, references and HEAD.
pub(super) fn write(
    git: &Path,
    url: &str,
    hash: Kind,
    choice: &Choice,
    commit: &ObjectId,
    shallow: &HashSet<ObjectId>,
) -> Outcome {
    let branch = match &choice.aim {
        Aim::Branch(branch, _) => Some(branch.as_str()),
        Aim::Detached(_) | Aim::Prefix(_) => None,
    };
    // A password in the address is for its owner alone.
    let mode = if super::remote::without_login(url) == url { 0o644 } else { 0o600 };
    files::write(&git.join("config"), config(url, hash, branch).as_bytes(), mode)?;
    files::write(&git.join("packed-refs"), packed_refs(choice, branch)?.as_bytes(), 0o644)?;
    if !shallow.is_empty() {
        let mut lines: Vec<String> = shallow.iter().map(|id| format!("{id}\n")).collect();
        lines.sort_unstable();
        files::write(&git.join("shallow"), lines.concat().as_bytes(), 0o644)?;
    }
    let head = branch.map_or(format!("{commit}\n"), |branch| format!("ref: refs/heads/{branch}\n"));
    files::write(&git.join("HEAD"), head.as_bytes(), 0o644)
}

fn config(url: &str, hash: Kind, branch: Option<&str>) -> String {
    let (version, extensions) = match hash {
        Kind::Sha256 => (1, "[extensions]\n\tobjectformat = sha256\n"),
        _ => (0, ""),
    };
    let mut text = format!(
        "[core]\n\trepositoryformatversion = {version}\n\tfilemode = true\n\tbare = false\n\
         \tlogallrefupdates = true\n{extensions}\
         [remote \"origin\"]\n\turl = {}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
        quoted(url)
    );
    if let Some(branch) = branch {
        let name = branch.replace('\\', "\\\\").replace('"', "\\\"");
        text.push_str(&format!("[branch \"{name}\"]\n\tremote = origin\n\tmerge = refs/heads/{branch}\n"));
    }
    text
}

/// A value as git writes it: in quotes only where it would be read otherwise without.
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    if value.contains(['#', ';']) || value.trim() != value { format!("\"{escaped}\"") } else { escaped }
}

/// The server's branches become `origin`'s; ours is the one that HEAD is on.
fn packed_refs(choice: &Choice, branch: Option<&str>) -> Outcome<String> {
    let mut lines = Vec::new();
    for reference in &choice.refs {
        let name = match reference.name.strip_prefix("refs/heads/") {
            Some(branch) => format!("refs/remotes/origin/{branch}"),
            None => reference.name.clone(),
        };
        if let Some(why) = name_fault(&name) {
            return Err(Fault::new(format!("its reference '{}' is not allowed: {why}", name.escape_debug())));
        }
        lines.push((name, reference.id));
        if reference.name.strip_prefix("refs/heads/") == branch && branch.is_some() {
            lines.push((reference.name.clone(), reference.id));
        }
    }
    lines.sort_unstable();
    Ok(lines.iter().map(|(name, id)| format!("{id} {name}\n")).collect())
}
