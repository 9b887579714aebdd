//! The bytes of a pack as they come: read in chunks, handed on to a thread that hashes and stores them.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use gix_hash::{Hasher, ObjectId};
use gix_zlib::{Decompress, FlushDecompress, Status};

use super::budget::Budget;
use crate::model::{Context, Fault, Outcome};

const CHUNK: usize = 256 << 10;
/// Chunks on their way to the disk while the next one is read.
const IN_FLIGHT: usize = 4;

/// The input side of a pack.
pub(super) struct PackInput<'a> {
    input: &'a mut dyn Read,
    budget: &'a Budget<'a>,
    hash: gix_hash::Kind,
    chunk: Vec<u8>,
    at: usize,
    /// Bytes of all chunks before this one.
    before: u64,
    crc: crc32fast::Hasher,
    crc_from: usize,
    inflate: Decompress,
    scratch: Vec<u8>,
    writer: Writer,
}

/// The thread that hashes and stores.
struct Writer {
    full: SyncSender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    thread: JoinHandle<std::io::Result<(File, Hasher)>>,
}

impl<'a> PackInput<'a> {
    /// Starts to receive into this file, which must not be there yet.
    pub(super) fn start(
        input: &'a mut dyn Read,
        path: &Path,
        hash: gix_hash::Kind,
        budget: &'a Budget<'a>,
    ) -> Outcome<Self> {
        let file = File::options()
            .create_new(true)
            .read(true)
            .write(true)
            .open(path)
            .context(|| format!("cannot write {}", path.display()))?;
        Ok(PackInput {
            input,
            budget,
            hash,
            chunk: Vec::new(),
            at: 0,
            before: 0,
            crc: crc32fast::Hasher::new(),
            crc_from: 0,
            inflate: Decompress::new(),
            scratch: vec![0; 64 << 10],
            writer: Writer::start(file, hash),
        })
    }

    /// How many bytes of the pack were taken.
    pub(super) fn position(&self) -> u64 {
        self.before + self.at as u64
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Outcome<u8> {
        if self.at == self.chunk.len() {
            self.refill()?;
        }
        self.at += 1;
        Ok(self.chunk[self.at - 1])
    }

    /// The checksum of what is taken starts here.
    pub(super) fn start_crc(&mut self) {
        self.crc.reset();
        self.crc_from = self.at;
    }

    /// The checksum since [`PackInput::start_crc`].
    pub(super) fn crc(&mut self) -> u32 {
        self.crc.update(&self.chunk[self.crc_from..self.at]);
        self.crc_from = self.at;
        self.crc.clone().finalize()
    }

    /// Inflates an entry that says it has `size` bytes; the sink gets them piece by piece.
    pub(super) fn inflate(&mut self, size: u64, mut sink: impl FnMut(&[u8])) -> Outcome {
        self.inflate.reset();
        loop {
            if self.at == self.chunk.len() {
                self.refill()?;
            }
            let (taken, made) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(&self.chunk[self.at..], &mut self.scratch, FlushDecompress::None)
                .context(|| "the pack is corrupt")?;
            let taken = (self.inflate.total_in() - taken) as usize;
            let made = (self.inflate.total_out() - made) as usize;
            self.at += taken;
            if self.inflate.total_out() > size {
                return Err(Fault::new("the pack is corrupt: an object is longer than it says"));
            }
            sink(&self.scratch[..made]);
            if status == Status::StreamEnd {
                break;
            }
            if taken == 0 && made == 0 && self.at < self.chunk.len() {
                return Err(Fault::new("the pack is corrupt: an object does not end"));
            }
        }
        if self.inflate.total_out() != size {
            return Err(Fault::new("the pack is corrupt: an object is shorter than it says"));
        }
        Ok(())
    }

    /// The objects are through: takes the checksum behind them and compares. Gives the stored file, whose
    /// last bytes are the checksum, and the checksum.
    pub(super) fn finish(mut self) -> Outcome<(File, ObjectId)> {
        let mut trailer = self.hash.null();
        let rest = self.chunk.split_off(self.at);
        let length = trailer.as_slice().len();
        if rest.len() > length {
            return Err(Fault::new("the pack is corrupt: more bytes follow its end"));
        }
        trailer.as_mut_slice()[..rest.len()].copy_from_slice(&rest);
        self.input.read_exact(&mut trailer.as_mut_slice()[rest.len()..]).map_err(|_| cut_short())?;
        let chunk = std::mem::take(&mut self.chunk);
        let Writer { full, empty, thread } = self.writer;
        let sent = full.send(chunk);
        drop((full, empty));
        let (mut file, hasher) = join(thread)?;
        sent.map_err(|_| cut_short())?;
        let found = hasher.try_finalize().context(|| "cannot hash the pack")?;
        if found != trailer {
            return Err(Fault::new(format!(
                "the pack is corrupt: its checksum is {found}, it says {trailer}"
            )));
        }
        file.write_all(trailer.as_slice()).context(|| "cannot write the pack")?;
        Ok((file, trailer))
    }

    fn refill(&mut self) -> Outcome {
        self.crc.update(&self.chunk[self.crc_from..self.at]);
        self.crc_from = 0;
        self.before += self.chunk.len() as u64;
        self.at = 0;
        let full = std::mem::take(&mut self.chunk);
        if !full.is_empty() && self.writer.full.send(full).is_err() {
            return Err(self.writer_fault());
        }
        let Ok(mut chunk) = self.writer.empty.recv() else { return Err(self.writer_fault()) };
        chunk.resize(CHUNK, 0);
        let count = loop {
            match self.input.read(&mut chunk) {
                Ok(0) => return Err(cut_short()),
                Ok(count) => break count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context(|| "cannot read the pack"),
            }
        };
        chunk.truncate(count);
        self.chunk = chunk;
        self.budget.received(self.before + count as u64)
    }

    /// Why the thread ended: a full disk, most likely.
    fn writer_fault(&mut self) -> Fault {
        let (full, _) = sync_channel(0);
        let (_, empty) = channel();
        let ended = Writer { full, empty, thread: std::thread::spawn(|| Err(ErrorKind::Other.into())) };
        let Writer { full, empty, thread } = std::mem::replace(&mut self.writer, ended);
        drop((full, empty));
        join(thread).err().unwrap_or_else(|| Fault::new("cannot write the pack"))
    }
}

impl Writer {
    fn start(mut file: File, hash: gix_hash::Kind) -> Self {
        let (full, chunks) = sync_channel::<Vec<u8>>(IN_FLIGHT);
        let (back, empty): (Sender<Vec<u8>>, _) = channel();
        for _ in 0..IN_FLIGHT {
            // The receiver lives in this function, so this cannot fail.
            let _ = back.send(Vec::new());
        }
        let thread = std::thread::spawn(move || {
            let mut hasher = gix_hash::hasher(hash);
            while let Ok(chunk) = chunks.recv() {
                file.write_all(&chunk)?;
                hasher.update(&chunk);
                // Nobody takes it any more when the pack is through.
                let _ = back.send(chunk);
            }
            Ok((file, hasher))
        });
        Writer { full, empty, thread }
    }
}

fn join(thread: JoinHandle<std::io::Result<(File, Hasher)>>) -> Outcome<(File, Hasher)> {
    match thread.join() {
        Ok(ended) => ended.context(|| "cannot write the pack"),
        Err(_) => Err(Fault::new("cannot write the pack: its thread failed")),
    }
}

fn cut_short() -> Fault {
    Fault::new("the pack is cut short: the other side hung up")
}
