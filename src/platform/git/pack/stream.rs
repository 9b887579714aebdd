//! A compressed object read as a stream, for those too large for memory.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use gix_zlib::{Decompress, FlushDecompress, Status};

/// Inflates what starts at a position of a file.
pub(in crate::platform::git) struct InflateStream {
    file: Arc<File>,
    at: u64,
    inflate: Decompress,
    window: Vec<u8>,
    from: usize,
    to: usize,
    is_over: bool,
}

const WINDOW: usize = 64 << 10;

impl InflateStream {
    pub(in crate::platform::git) fn new(file: Arc<File>, offset: u64) -> Self {
        InflateStream {
            file,
            at: offset,
            inflate: Decompress::new(),
            window: vec![0; WINDOW],
            from: 0,
            to: 0,
            is_over: false,
        }
    }
}

impl Read for InflateStream {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.is_over && !out.is_empty() {
            if self.from == self.to {
                self.to = self.file.read_at(&mut self.window, self.at)?;
                self.from = 0;
                self.at += self.to as u64;
                if self.to == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            let (taken, made) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(&self.window[self.from..self.to], out, FlushDecompress::None)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
            let taken = (self.inflate.total_in() - taken) as usize;
            let made = (self.inflate.total_out() - made) as usize;
            self.from += taken;
            self.is_over = status == Status::StreamEnd;
            if made > 0 {
                return Ok(made);
            }
            if taken == 0 && !self.is_over && self.from < self.to {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(0)
    }
}
