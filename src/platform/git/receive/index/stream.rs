//! The first pass: every byte is stored, every whole object hashed and checked as it comes.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use gix_hash::{Hasher, ObjectId};

use super::budget::Budget;
use super::deltas::Deltas;
use super::entries::{Entry, NO_BASE, Names};
use super::input::PackInput;
use super::links::{Links, Seen};
use crate::model::{Context, Fault, Outcome};
use crate::platform::git::Kind;
use crate::platform::git::objects::check;
use crate::platform::git::pack::{EntryKind, read_header};

/// A stored pack, its differences not yet worked out.
pub(super) struct Stored {
    pub file: File,
    pub entries: Vec<Entry>,
    pub names: Names,
    pub deltas: Deltas,
    /// Differences to an object that is named by id, by that id.
    pub waiting: HashMap<ObjectId, Vec<u32>>,
    /// Where the objects end and the checksum begins.
    pub end: u64,
    pub checksum: ObjectId,
}

/// Receives a pack into this file.
pub(super) fn receive(
    input: &mut dyn Read,
    path: &Path,
    hash: gix_hash::Kind,
    budget: &Budget<'_>,
    links: &Links,
) -> Outcome<Stored> {
    let mut input = PackInput::start(input, path, hash, budget)?;
    let count = read_count(&mut input, budget)?;
    // The count is the sender's word; memory follows what really comes.
    let mut entries: Vec<Entry> = Vec::with_capacity(count.min(1 << 16) as usize);
    let mut names = Names::new(hash);
    let mut deltas = Deltas::default();
    let mut waiting: HashMap<ObjectId, Vec<u32>> = HashMap::new();
    let mut seen = Seen::default();
    let mut object = Vec::new();
    for number in 0..count {
        let offset = input.position();
        input.start_crc();
        let header = read_header(hash, || input.byte())?;
        let header_length = input.position() - offset;
        let mut entry =
            Entry { offset, size: header.size, crc: 0, base: NO_BASE, header: header_length as u8 };
        let known = match header.kind {
            EntryKind::Whole(Kind::Blob) => {
                let mut hasher = object_hasher(hash, Kind::Blob, header.size);
                input.inflate(header.size, |piece| hasher.update(piece))?;
                budget.inflated(header.size)?;
                Some((Kind::Blob, finish(hasher)?))
            }
            EntryKind::Whole(kind) => {
                budget.in_memory(header.size)?;
                object.clear();
                input.inflate(header.size, |piece| object.extend_from_slice(piece))?;
                budget.inflated(header.size)?;
                Some((kind, inspect(hash, kind, &object, links, &mut seen)?))
            }
            EntryKind::BaseBefore(distance) => {
                entry.base = base_before(&entries, offset, distance)?;
                take_delta(&mut input, number, header.size, budget, &mut deltas)?;
                None
            }
            EntryKind::BaseId(id) => {
                waiting.entry(id).or_default().push(number);
                take_delta(&mut input, number, header.size, budget, &mut deltas)?;
                None
            }
        };
        entry.crc = input.crc();
        entries.push(entry);
        names.push(known);
    }
    let end = input.position();
    let (file, checksum) = input.finish()?;
    Ok(Stored { file, entries, names, deltas, waiting, end, checksum })
}

/// Differences are measured now, and kept where there is room: their base may come later.
fn take_delta(
    input: &mut PackInput<'_>,
    number: u32,
    size: u64,
    budget: &Budget<'_>,
    deltas: &mut Deltas,
) -> Outcome {
    budget.in_memory(size)?;
    if deltas.takes(size) {
        deltas.begin(number);
        input.inflate(size, |piece| deltas.extend(piece))?;
    } else {
        input.inflate(size, |_| ())?;
    }
    budget.inflated(size)
}

fn read_count(input: &mut PackInput<'_>, budget: &Budget<'_>) -> Outcome<u32> {
    let mut head = [0; 12];
    for byte in &mut head {
        *byte = input.byte()?;
    }
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    if &head[..4] != b"PACK" || !matches!(word(4), 2 | 3) {
        return Err(Fault::new("what was sent is not a pack"));
    }
    let count = word(8);
    if count > budget.limits.objects {
        return Err(Fault::new(format!(
            "the pack has {count} objects, more than the limit of {}",
            budget.limits.objects
        )));
    }
    Ok(count)
}

fn base_before(entries: &[Entry], offset: u64, distance: u64) -> Outcome<u32> {
    let at = offset.checked_sub(distance).filter(|_| distance > 0);
    let found = at.and_then(|at| entries.binary_search_by_key(&at, |entry| entry.offset).ok());
    found
        .map(|number| number as u32)
        .ok_or_else(|| Fault::new("the pack is corrupt: a delta without its base"))
}

/// Hashes and checks a commit, tree or tag, and notes what it points at.
pub(super) fn inspect(
    hash: gix_hash::Kind,
    kind: Kind,
    data: &[u8],
    links: &Links,
    seen: &mut Seen,
) -> Outcome<ObjectId> {
    let mut hasher = object_hasher(hash, kind, data.len() as u64);
    hasher.update(data);
    let id = finish(hasher)?;
    let mut note = |link| {
        if links.is_needed(&id, &link) {
            links.add(link, seen);
        }
    };
    check(kind, data, hash, &mut note)
        .map_err(|why| Fault::new(format!("bad {} {id}: {why}", kind.name())))?;
    links.within_limit()?;
    Ok(id)
}

/// A hasher that has seen git's header of the object.
pub(super) fn object_hasher(hash: gix_hash::Kind, kind: Kind, size: u64) -> Hasher {
    let mut hasher = gix_hash::hasher(hash);
    hasher.update(format!("{} {size}\0", kind.name()).as_bytes());
    hasher
}

/// The id; fails where the content was made to collide.
pub(super) fn finish(hasher: Hasher) -> Outcome<ObjectId> {
    hasher.try_finalize().context(|| "cannot name an object")
}
