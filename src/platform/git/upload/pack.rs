//! Sends a pack: what is compressed on disk goes out as it is, differences included.

use std::io::{self, Write};

use gix_hash::ObjectId;
use gix_pack::data::output::count::PackLocation;
use gix_pack::data::output::{Count, bytes, entry};

use super::serve::Offer;
use super::wanted::Wanted;
use crate::model::{Context, Fault, Outcome};
use crate::platform::git::Repository;
use crate::platform::git::wire::{Progress, Wire};

/// Sends these objects.
pub(super) fn send(wire: &Wire, offer: &Offer<'_>, wanted: &Wanted, ids: Vec<ObjectId>) -> Outcome {
    let progress = Progress::new(wire.clone(), wanted.is_quiet);
    progress.note(&format!("Sending {} objects\n", ids.len()));
    let mut band = Band { wire, waiting: Vec::with_capacity(1 << 16) };
    let is_thin = wanted.takes_thin_pack && !wanted.common.is_empty();
    let written = write_pack(offer.repository, ids, is_thin, &mut band);
    if wire.is_gone() {
        return Err(Fault::new("the git client hung up"));
    }
    written
}

/// Writes a pack of these objects. In a thin one differences may lean on objects outside of it.
pub(in crate::platform::git) fn write_pack(
    repository: &Repository,
    ids: Vec<ObjectId>,
    is_thin: bool,
    output: &mut dyn Write,
) -> Outcome {
    let what = || "cannot make the pack".to_owned();
    let count = u32::try_from(ids.len()).context(what)?;
    let hash = repository.hash();
    let mut handle = gix_odb::at(repository.objects_folder(), hash).context(what)?;
    // The entries below hold numbers of packs.
    handle.prevent_pack_unload();
    let handle = handle.into_arc().context(what)?;
    let counts =
        ids.into_iter().map(|id| Count { id, entry_pack_location: PackLocation::NotLookedUp }).collect();
    let options =
        entry::iter_from_counts::Options { chunk_size: 200, allow_thin_pack: is_thin, ..Default::default() };
    let entries = entry::iter_from_counts(counts, handle, Box::new(gix_utils::progress::Discard), options)
        .context(what)?;
    let in_order = gix_parallel::InOrderIter::from(entries);
    let pieces =
        bytes::FromEntriesIter::new(in_order, &mut *output, count, gix_pack::data::Version::V2, hash);
    for piece in pieces {
        piece.context(what)?;
    }
    output.flush().context(what)
}

/// Gathers small writes into packets.
struct Band<'a> {
    wire: &'a Wire,
    waiting: Vec<u8>,
}

const FULL: usize = 65_515;

impl Write for Band<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.waiting.len() + bytes.len() > FULL {
            self.flush()?;
        }
        if bytes.len() >= FULL {
            self.wire.data(bytes);
        } else {
            self.waiting.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.waiting.is_empty() {
            self.wire.data(&self.waiting);
            self.waiting.clear();
        }
        if self.wire.is_gone() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}
