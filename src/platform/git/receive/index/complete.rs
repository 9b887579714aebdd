//! A thin pack leaves out bases that the receiver has. They are added behind its last object, as git
//! does, so that the stored pack stands on its own.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use gix_hash::ObjectId;
use gix_zlib::Compression;
use gix_zlib::stream::deflate;

use super::budget::Budget;
use super::entries::{Entry, NO_BASE};
use super::stream::Stored;
use crate::model::{Context, Fault, Outcome};
use crate::platform::git::complete::Known;
use crate::platform::git::pack::write_header;

/// Adds the objects that are waited for and stand in the repository. Gives the new entries' numbers.
pub(super) fn add_bases(
    stored: &mut Stored,
    hash: gix_hash::Kind,
    known: &Known,
    budget: &Budget<'_>,
) -> Outcome<Vec<u32>> {
    let mut wanted: Vec<ObjectId> = stored.waiting.keys().copied().collect();
    wanted.sort_unstable();
    let mut roots = Vec::new();
    let what = || "cannot write the pack".to_owned();
    let mut file = stored.file.try_clone().context(what)?;
    file.seek(SeekFrom::Start(stored.end)).context(what)?;
    let mut output = BufWriter::with_capacity(1 << 18, file);
    for id in wanted {
        // One that is not here may still come out of a difference to one that is.
        let Some(object) = known.find(&id)? else { continue };
        budget.in_memory(object.data.len() as u64)?;
        let header = write_header(object.kind, object.data.len() as u64);
        let mut bytes = header.clone();
        let mut compress = deflate::Write::new(&mut bytes, Compression::BEST_SPEED);
        compress.write_all(&object.data).and_then(|()| compress.flush()).context(what)?;
        drop(compress);
        output.write_all(&bytes).context(what)?;

        let number = stored.names.len();
        for child in stored.waiting.remove(&id).unwrap_or_default() {
            stored.entries[child as usize].base = number;
        }
        stored.entries.push(Entry {
            offset: stored.end,
            size: object.data.len() as u64,
            crc: crc32fast::hash(&bytes),
            base: NO_BASE,
            header: header.len() as u8,
        });
        stored.names.push(Some((object.kind, id)));
        stored.end += bytes.len() as u64;
        roots.push(number);
    }
    output.flush().context(what)?;
    drop(output);
    if !roots.is_empty() {
        seal(stored, hash)?;
    }
    Ok(roots)
}

/// The pack has more objects than its header and checksum say: both are made anew.
fn seal(stored: &mut Stored, hash: gix_hash::Kind) -> Outcome {
    let what = || "cannot write the pack".to_owned();
    let count = stored.names.len();
    let mut file: &File = &stored.file;
    file.seek(SeekFrom::Start(8)).context(what)?;
    file.write_all(&count.to_be_bytes()).context(what)?;
    file.rewind().context(what)?;
    let mut hasher = gix_hash::hasher(hash);
    let mut reader = BufReader::with_capacity(1 << 18, file.take(stored.end));
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer).context(what)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    stored.checksum =
        hasher.try_finalize().map_err(|error| Fault::new(format!("cannot hash the pack: {error}")))?;
    let mut file: &File = &stored.file;
    file.seek(SeekFrom::Start(stored.end)).context(what)?;
    file.write_all(stored.checksum.as_slice()).context(what)?;
    // A thin pack's old checksum may have reached further than the new end does.
    file.set_len(stored.end + stored.checksum.as_slice().len() as u64).context(what)
}
