//! Pieces of a pack file, read by position: no memory map, so the size of a pack is not our size, and
//! a file cut under our hands is an error and not a signal.

use std::fs::File;
use std::os::unix::fs::FileExt;

use gix_zlib::{Decompress, FlushDecompress, Status};

use crate::model::{Context, Fault, Outcome};

/// A pack file with the buffers for reading it. One per thread.
pub(in crate::platform::git) struct PackFile<'a> {
    file: &'a File,
    inflate: Decompress,
    window: Vec<u8>,
}

/// Read at once; most entries are smaller.
const WINDOW: usize = 32 << 10;

impl<'a> PackFile<'a> {
    pub(in crate::platform::git) fn new(file: &'a File) -> Self {
        PackFile { file, inflate: Decompress::new(), window: vec![0; WINDOW] }
    }

    /// Inflates the `size` bytes whose compressed form starts at `offset`, ends before `end`.
    pub(in crate::platform::git) fn inflate(
        &mut self,
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
            let count = self.file.read_at(&mut self.window[..want], at).context(|| "cannot read the pack")?;
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
}
