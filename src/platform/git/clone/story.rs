//! A clone from its first line to its last.

use std::collections::HashSet;
use std::path::Path;

use gix_hash::ObjectId;

use super::ask::{CloneRequest, Cloned, Deadline};
use super::checkout::check_out;
use super::choose::{Aim, Choice, choose, missing};
use super::layout;
use super::protocol::{self, Advertised, Wish};
use super::remote::{Address, Transport, connect, without_login};
use super::staging::Staging;
use super::worktree_index::index;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::git::objects::{Kind, Objects};
use crate::platform::git::receive::{IndexRequest, Limits, index_pack, seal_packs};
use crate::platform::git::tree::Tree;

/// Clones a repository into a folder that is not there yet. A failure, or a kill, leaves nothing of that name; what a
/// kill leaves beside it is swept by the next clone into the same parent folder.
///
/// The branch or tag comes without its history where the server can do that; for a commit id all of it comes.
/// Submodules are named, not fetched.
///
/// # Errors
/// When the address makes no sense, the other side cannot be reached or refuses, has nothing of that name, sends what
/// is broken or could do harm, or when it is too much or takes too long.
pub fn clone(request: &CloneRequest<'_>) -> Outcome<Cloned> {
    let url = absolute(request.url);
    let told = |fault: Fault| {
        let message = format!("cannot clone {}: {}", without_login(&url), fault.message);
        Fault { message, ..fault }
    };
    let address = Address::parse(&url)?;
    let staging = Staging::make(request.target)?;
    let deadline = Deadline::after(request.limits.time);
    let mut transport = connect(&address, request, deadline).map_err(told)?;
    let cloned = take(transport.as_mut(), &url, request, staging.folder(), deadline);
    let cloned = cloned.map_err(|fault| {
        // What came of being late is not the cause.
        let fault = deadline.check().err().unwrap_or(fault);
        told(transport.explain(fault))
    })?;
    staging.land()?;
    Ok(cloned)
}

/// A path is kept as git keeps it: a plugin is updated from another folder than it was installed from.
fn absolute(url: &str) -> String {
    match Address::parse(url) {
        Ok(Address::Local(path)) if !url.contains("://") => {
            std::path::absolute(&path).unwrap_or(path).to_string_lossy().into_owned()
        }
        Ok(_) | Err(_) => url.to_owned(),
    }
}

fn take(
    transport: &mut dyn Transport,
    url: &str,
    request: &CloneRequest<'_>,
    folder: &Path,
    deadline: Deadline,
) -> Outcome<Cloned> {
    let git = folder.join(".git");
    let advertised = protocol::list(transport, deadline)?;
    let choice = choose(&advertised, request.committish)?;
    let objects = layout::make_folders(&git)?;
    let shallow = fetch(transport, &advertised, &choice, request, &objects, deadline)?;
    let commit = settle(&advertised, &choice, request, &Objects::open(&objects, advertised.hash)?)?;
    layout::write(&git, url, advertised.hash, &choice, &commit, &shallow)?;

    let tree = Tree::open(&objects, advertised.hash, &commit)?;
    let written = check_out(&tree, folder, &request.limits, deadline)?;
    files::write(&git.join("index"), &index(written.entries, advertised.hash)?, 0o644)?;
    let branch = match choice.aim {
        Aim::Branch(branch, _) => Some(branch),
        Aim::Detached(_) | Aim::Prefix(_) => None,
    };
    Ok(Cloned { commit, branch, submodules: written.submodules })
}

/// Brings the objects; gives the commits that came without their parents.
fn fetch(
    transport: &mut dyn Transport,
    advertised: &Advertised,
    choice: &Choice,
    request: &CloneRequest<'_>,
    objects: &Path,
    deadline: Deadline,
) -> Outcome<HashSet<ObjectId>> {
    let mut wants: Vec<ObjectId> =
        choice.refs.iter().map(|reference| reference.id).chain(choice.extra).collect();
    wants.sort_unstable();
    wants.dedup();
    if wants.is_empty() {
        return Err(Fault::new("it is empty: nothing was pushed to it yet"));
    }
    let limits = Limits {
        pack_bytes: request.limits.bytes,
        object_bytes: request.limits.bytes.min(Limits::default().object_bytes),
        resolve_time: deadline.left(),
        ..Limits::default()
    };
    let wish = Wish {
        wants: &wants,
        is_shallow: choice.is_shallow,
        bytes: request.limits.bytes,
        deadline,
        progress: request.progress,
    };
    let packs = objects.join("pack");
    let mut shallow = HashSet::new();
    let fetched = protocol::fetch(transport, advertised, &wish, &mut |input, boundary| {
        shallow.clone_from(boundary);
        let request = IndexRequest {
            folder: &packs,
            known: None,
            hash: advertised.hash,
            shallow: boundary,
            limits: &limits,
        };
        index_pack(input, request, &|_| ())
    });
    fetched.map_err(|fault| match (choice.extra, request.committish) {
        (Some(_), Some(name)) if fault.message.contains("not our ref") => missing(advertised, name),
        _ => fault,
    })?;
    seal_packs(&packs)?;
    Ok(shallow)
}

/// The commit that was meant, now that its objects are here.
fn settle(
    advertised: &Advertised,
    choice: &Choice,
    request: &CloneRequest<'_>,
    objects: &Objects,
) -> Outcome<ObjectId> {
    let name = request.committish.unwrap_or("HEAD");
    let id = match &choice.aim {
        Aim::Branch(_, id) | Aim::Detached(id) => *id,
        Aim::Prefix(prefix) => {
            let mut found = objects.commits_that_begin(prefix)?;
            match (found.pop(), found.is_empty()) {
                (Some(id), true) => id,
                (Some(_), false) => {
                    return Err(Fault::new(format!("more than one commit begins with {prefix}"))
                        .hint("Give more of its digits"));
                }
                (None, _) => return Err(missing(advertised, name)),
            }
        }
    };
    if !objects.contains(&id) {
        return Err(missing(advertised, name));
    }
    let commit = objects.peel(&id).context(|| format!("cannot follow {name}"))?;
    match objects.kind(&commit)? {
        Some(Kind::Commit) => Ok(commit),
        Some(kind) => Err(Fault::new(format!("{name} is a {}, not a commit", kind.name()))),
        None => Err(missing(advertised, name)),
    }
}
