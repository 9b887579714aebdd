//! Pieces of a pack file, read by position: no memory map, so the size of a pack is not our size, and
//! a file cut under our hands is an error and not a signal.

use std::fs::File;
use std::os::unix::fs::FileExt;

use gix_zlib::{Decompress, FlushDecompress, Status};

use crate::model::{Context, Fault, Outcome};

/// The buffers for reading entries of pack files. One per thread.
pub(in crate::platform::git) struct Inflater {
    inflate: Decompress,
    window: Vec<u8>,
}

/// Read at once; most entries are smaller.
const WINDOW: usize = 32 << 10;
/// Enough compressed bytes for the first few of the object, tables of the compression included.
const PEEK: usize = 1 << 10;

impl Default for Inflater {
    fn default() -> Self {
        Inflater { inflate: Decompress::new(), window: vec![0; WINDOW] }
    }
}

impl Inflater {
    /// Inflates the `size` bytes whose compressed form starts at `offset` of the file and ends before `end`.
    pub(in crate::platform::git) fn inflate(
        &mut self,
        file: &File,
        offset: u64,
        end: u64,
        size: u64,
        out: &mut Vec<u8>,
    ) -> Outcome {
        let size = usize::try_from(size).context(|| "an object of the pack is larger than memory")?;
        out.clear();
        out.resize(size, 0);
        let mut filled = 0;
        let mut at = offset;
        self.inflate.reset();
        loop {
            let want = usize::try_from(end.saturating_sub(at)).unwrap_or(WINDOW).min(WINDOW);
            let count = file.read_at(&mut self.window[..want], at).context(|| "cannot read the pack")?;
            if count == 0 {
                return Err(Fault::new("an object of the pack is cut short"));
            }
            at += count as u64;
            let mut input = &self.window[..count];
            while !input.is_empty() {
                let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
                let status = self
                    .inflate
                    .decompress(input, &mut out[filled..], FlushDecompress::None)
                    .context(|| "an object of the pack is corrupt")?;
                let taken = (self.inflate.total_in() - before_in) as usize;
                let made = (self.inflate.total_out() - before_out) as usize;
                filled += made;
                input = &input[taken..];
                if status == Status::StreamEnd {
                    let is_whole = filled == size;
                    return if is_whole {
                        Ok(())
                    } else {
                        Err(Fault::new("an object of the pack is too short"))
                    };
                }
                if taken == 0 && made == 0 {
                    break;
                }
            }
            if !input.is_empty() {
                return Err(Fault::new("an object of the pack is longer than it says"));
            }
        }
    }

    /// Inflates no more than fits into `out`, from the start of what is at `offset`; gives the count.
    pub(in crate::platform::git) fn inflate_start(
        &mut self,
        file: &File,
        offset: u64,
        out: &mut [u8],
    ) -> Outcome<usize> {
        let count = file.read_at(&mut self.window[..PEEK], offset).context(|| "cannot read the pack")?;
        self.inflate.reset();
        self.inflate
            .decompress(&self.window[..count], out, FlushDecompress::None)
            .context(|| "an object of the pack is corrupt")?;
        Ok(self.inflate.total_out() as usize)
    }
}
