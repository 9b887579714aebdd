//! Opens an object: small ones in memory, large ones as a stream.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use gix_hash::ObjectId;

use super::cache::Cache;
use super::locate::{Place, Places};
use super::spill::spill;
use crate::model::{Context, Fault, Outcome};
use crate::platform::git::Kind;
use crate::platform::git::pack::{EntryKind, InflateStream, Inflater, apply_delta, read_header, read_sizes};

/// Objects of up to this size are read into memory, larger ones streamed.
pub(super) const IN_MEMORY: u64 = 4 << 20;

/// The objects of a folder and its alternates.
pub(in crate::platform::git) struct Store {
    places: Places,
    inflater: Inflater,
    cache: Cache,
    hash: gix_hash::Kind,
}

/// An object, open for reading.
pub(in crate::platform::git) struct ObjectReader {
    pub kind: Kind,
    pub size: u64,
    content: Content,
}

enum Content {
    Memory(Cursor<Arc<Vec<u8>>>),
    Stream(Box<InflateStream>),
    Spilled(File),
}

/// One entry on the way from an object down to the whole object its differences start from.
pub(super) struct Step {
    pub pack: usize,
    pub offset: u64,
    /// Where the compressed bytes start.
    pub data: u64,
    pub size: u64,
}

impl Store {
    pub(in crate::platform::git) fn open(folder: &Path, hash: gix_hash::Kind) -> Outcome<Self> {
        let places = Places::open(folder, hash)?;
        Ok(Store { places, inflater: Inflater::default(), cache: Cache::default(), hash })
    }

    /// Opens the object; `None` when it is not there.
    pub(in crate::platform::git) fn find(&mut self, id: &ObjectId) -> Outcome<Option<ObjectReader>> {
        let opened = match self.places.find(id) {
            None => return Ok(None),
            Some(Place::Loose(path)) => open_loose(&path),
            Some(Place::Packed { pack, offset }) => self.open_packed(pack, offset),
        };
        opened.map(Some).context(|| format!("cannot read the object {id}"))
    }

    /// The whole object in memory; `None` when it is not there.
    pub(in crate::platform::git) fn read(&mut self, id: &ObjectId) -> Outcome<Option<(Kind, Arc<Vec<u8>>)>> {
        let Some(mut reader) = self.find(id)? else { return Ok(None) };
        let data = reader.all_in_memory().context(|| format!("cannot read the object {id}"))?;
        Ok(Some((reader.kind, data)))
    }

    fn open_packed(&mut self, pack: usize, offset: u64) -> Outcome<ObjectReader> {
        let (kind, mut steps) = self.chain(pack, offset)?;
        let Some(base) = steps.pop() else { return Err(Fault::new("an empty chain of deltas")) };
        if steps.is_empty() && base.size > IN_MEMORY {
            let stream = InflateStream::new(self.places.packs[pack].file()?, base.data);
            return Ok(ObjectReader { kind, size: base.size, content: Content::Stream(Box::new(stream)) });
        }
        let (largest, size) = self.sizes(&steps, base.size)?;
        if largest > IN_MEMORY {
            let file = spill(&mut self.places.packs, &base, &steps)?;
            return Ok(ObjectReader { kind, size, content: Content::Spilled(file) });
        }
        let data = self.work_out(&base, &steps)?;
        Ok(ObjectReader { kind, size: data.len() as u64, content: Content::Memory(Cursor::new(data)) })
    }

    /// The kind, and the entries from the object itself to the whole one at the bottom.
    fn chain(&mut self, mut pack: usize, mut offset: u64) -> Outcome<(Kind, Vec<Step>)> {
        let mut steps = Vec::new();
        loop {
            let file = self.places.packs[pack].file()?;
            let mut head = [0; 64];
            let count = file.read_at(&mut head, offset).context(|| "cannot read the pack")?;
            let mut bytes = head[..count].iter();
            let header = read_header(self.hash, || {
                bytes.next().copied().ok_or_else(|| Fault::new("the pack is cut short"))
            })?;
            let data = offset + (count - bytes.len()) as u64;
            steps.push(Step { pack, offset, data, size: header.size });
            match header.kind {
                EntryKind::Whole(kind) => return Ok((kind, steps)),
                EntryKind::BaseBefore(distance) => {
                    offset = offset
                        .checked_sub(distance)
                        .filter(|_| distance > 0)
                        .ok_or_else(|| Fault::new("the pack is corrupt: a delta without its base"))?;
                }
                EntryKind::BaseId(id) => match self.places.find(&id) {
                    Some(Place::Packed { pack: other, offset: at }) => (pack, offset) = (other, at),
                    Some(Place::Loose(_)) | None => {
                        return Err(Fault::new(format!("the delta base {id} is in no pack")));
                    }
                },
            }
            // The indexer refuses longer ones; this bound is for circles in broken packs.
            if steps.len() > 10_000 {
                return Err(Fault::new("the pack is corrupt: its deltas go in a circle"));
            }
        }
    }

    /// The size of the largest object on the way, and of the last one.
    fn sizes(&mut self, steps: &[Step], base: u64) -> Outcome<(u64, u64)> {
        let (mut largest, mut last) = (base, base);
        for step in steps.iter().rev() {
            let file = self.places.packs[step.pack].file()?;
            let mut head = [0; 24];
            let count = self.inflater.inflate_start(&file, step.data, &mut head)?;
            last = read_sizes(&mut &head[..count]).context(|| "the pack is corrupt")?.result;
            largest = largest.max(last);
        }
        Ok((largest, last))
    }

    fn work_out(&mut self, base: &Step, steps: &[Step]) -> Outcome<Arc<Vec<u8>>> {
        // The nearest step whose object is still remembered spares all below it.
        let known = steps
            .iter()
            .enumerate()
            .find_map(|(at, step)| self.cache.get((step.pack, step.offset)).map(|object| (at, object)));
        let (mut at, mut object) = match known {
            Some(found) => found,
            None => (steps.len(), self.whole(base)?),
        };
        let mut delta = Vec::new();
        while at > 0 {
            at -= 1;
            let step = &steps[at];
            self.inflate(step, &mut delta)?;
            let mut result = Vec::new();
            apply_delta(&object, &delta, &mut result, IN_MEMORY)
                .map_err(|why| Fault::new(format!("the pack is corrupt: {why}")))?;
            object = Arc::new(result);
            self.cache.put((step.pack, step.offset), &object);
        }
        Ok(object)
    }

    fn whole(&mut self, base: &Step) -> Outcome<Arc<Vec<u8>>> {
        if let Some(object) = self.cache.get((base.pack, base.offset)) {
            return Ok(object);
        }
        let mut object = Vec::new();
        self.inflate(base, &mut object)?;
        let object = Arc::new(object);
        self.cache.put((base.pack, base.offset), &object);
        Ok(object)
    }

    fn inflate(&mut self, step: &Step, out: &mut Vec<u8>) -> Outcome {
        let file = self.places.packs[step.pack].file()?;
        self.inflater.inflate(&file, step.data, u64::MAX, step.size, out)
    }
}

impl ObjectReader {
    /// All of the content.
    fn all_in_memory(&mut self) -> io::Result<Arc<Vec<u8>>> {
        if let Content::Memory(cursor) = &self.content {
            return Ok(Arc::clone(cursor.get_ref()));
        }
        let mut data = Vec::new();
        self.read_to_end(&mut data)?;
        Ok(Arc::new(data))
    }
}

impl Read for ObjectReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match &mut self.content {
            Content::Memory(cursor) => {
                let at = usize::try_from(cursor.position()).unwrap_or(usize::MAX);
                let rest = cursor.get_ref().get(at..).unwrap_or_default();
                let count = rest.len().min(out.len());
                out[..count].copy_from_slice(&rest[..count]);
                cursor.set_position((at + count) as u64);
                Ok(count)
            }
            Content::Stream(stream) => stream.read(out),
            Content::Spilled(file) => file.read(out),
        }
    }
}

/// A loose object: a header in words, then the content, compressed as one.
fn open_loose(path: &Path) -> Outcome<ObjectReader> {
    let what = || format!("cannot read {}", path.display());
    let file = File::open(path).context(what)?;
    let mut stream = InflateStream::new(Arc::new(file), 0);
    let mut head = Vec::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).context(what)?;
        if byte == [0] || head.len() > 32 {
            break;
        }
        head.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&head);
    let parsed = text
        .split_once(' ')
        .and_then(|(kind, size)| Some((Kind::from_name(kind.as_bytes())?, size.parse::<u64>().ok()?)));
    let (kind, size) = parsed.ok_or_else(|| Fault::new(format!("{} is broken", path.display())))?;
    Ok(ObjectReader { kind, size, content: Content::Stream(Box::new(stream)) })
}
