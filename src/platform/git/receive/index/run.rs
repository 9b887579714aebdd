//! The steps of indexing, in order.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use gix_hash::ObjectId;

use super::budget::Budget;
use super::complete::add_bases;
use super::entries::Names;
use super::links::Links;
use super::resolve::{Resolving, resolve};
use super::stream::{Stored, receive};
use super::write::write_index;
use crate::model::{Fault, Outcome};
use crate::platform::files;
use crate::platform::git::complete::Known;
use crate::platform::git::receive::Limits;

/// What to index where.
pub(in crate::platform::git) struct IndexRequest<'a> {
    /// The folder that gets pack and index.
    pub folder: &'a Path,
    /// What is here already; `None` when nothing is.
    pub known: Option<Known>,
    pub hash: gix_hash::Kind,
    /// Commits whose parents were left out on purpose: a clone that is not deep.
    pub shallow: &'a HashSet<ObjectId>,
    pub limits: &'a Limits,
}

/// Takes what tells how far the work is, to show it while it goes on.
pub(in crate::platform::git) type Show<'a> = dyn Fn(Box<dyn Fn() -> String + Send>) + 'a;

/// Receives a pack, checks it, and leaves it with its index in the folder; an empty pack leaves nothing.
pub(in crate::platform::git) fn index_pack(
    input: &mut dyn Read,
    request: IndexRequest<'_>,
    show: &Show<'_>,
) -> Outcome {
    let mut budget = Budget::new(request.limits);
    let links = Links::new(request.limits.links, request.shallow.clone());
    let incoming = request.folder.join("tmp_pack");
    let mut stored = receive(input, &incoming, request.hash, &budget, &links)?;
    if stored.names.len() == 0 {
        files::remove(&incoming)?;
        return Ok(());
    }
    budget.start_resolving();
    resolve_all(&mut stored, &request, &budget, &links, show)?;

    let sorted = stored.names.sorted();
    if let Some(number) = sorted.first_twice() {
        return Err(Fault::new(format!("the pack has the object {} twice", hex(&stored.names, number))));
    }
    let name = format!("pack-{}", stored.checksum);
    let index = request.folder.join(format!("{name}.idx"));
    write_index(&index, &stored.entries, &stored.names, &sorted, &stored.checksum)?;
    files::rename(&incoming, &request.folder.join(format!("{name}.pack")))?;
    links.check(&sorted, request.known.as_ref())
}

fn resolve_all(
    stored: &mut Stored,
    request: &IndexRequest<'_>,
    budget: &Budget<'_>,
    links: &Links,
    show: &Show<'_>,
) -> Outcome {
    let done = Arc::new(AtomicU32::new(0));
    let total = stored.entries.len() - count_whole(&stored.names);
    if total == 0 {
        return Ok(());
    }
    let watched = Arc::clone(&done);
    show(Box::new(move || {
        let done = watched.load(Ordering::Relaxed) as usize;
        format!("Resolving deltas: {:3}% ({done}/{total})", done * 100 / total)
    }));
    hang_on_whole(stored);
    let whole = (0..stored.names.len()).filter(|number| stored.names.kind(*number).is_some()).collect();
    resolve_from(stored, whole, request, budget, links, &done)?;
    if !stored.waiting.is_empty()
        && let Some(known) = &request.known
    {
        let added = add_bases(stored, request.hash, known, budget)?;
        resolve_from(stored, added, request, budget, links, &done)?;
    }
    if let Some(id) = stored.waiting.keys().next() {
        return Err(Fault::new(format!("missing delta base {id}: it was neither sent nor is it here")));
    }
    match stored.names.first_unknown() {
        None => Ok(()),
        Some(_) => Err(Fault::new("the pack is corrupt: a delta never finds its base")),
    }
}

fn resolve_from(
    stored: &mut Stored,
    roots: Vec<u32>,
    request: &IndexRequest<'_>,
    budget: &Budget<'_>,
    links: &Links,
    done: &AtomicU32,
) -> Outcome {
    let resolving = Resolving {
        file: &stored.file,
        entries: &stored.entries,
        deltas: &stored.deltas,
        end: stored.end,
        hash: request.hash,
        budget,
        links,
        done,
    };
    resolve(&resolving, &roots, &mut stored.names, &mut stored.waiting)
}

/// Differences that name a whole object of the pack by id hang on it from now on.
fn hang_on_whole(stored: &mut Stored) {
    if stored.waiting.is_empty() {
        return;
    }
    for number in 0..stored.names.len() {
        if stored.names.kind(number).is_some()
            && let Ok(id) = gix_hash::ObjectId::try_from(stored.names.id(number))
            && let Some(children) = stored.waiting.remove(&id)
        {
            for child in children {
                stored.entries[child as usize].base = number;
            }
        }
    }
}

fn count_whole(names: &Names) -> usize {
    (0..names.len()).filter(|number| names.kind(*number).is_some()).count()
}

fn hex(names: &Names, number: u32) -> String {
    names.id(number).iter().map(|byte| format!("{byte:02x}")).collect()
}
