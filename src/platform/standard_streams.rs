//! Standard input and output without a buffer of ours between, for protocols that bring their own.

use std::io::{self, Read, Write};

use rustix::io::{Errno, read, write};

use super::waits::{self, Wait};

/// Standard input.
pub struct Input;

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let _waiting = waits::begin(Wait::Client);
        retry(|| read(rustix::stdio::stdin(), &mut *buffer))
    }
}

/// Standard output.
pub struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        retry(|| write(rustix::stdio::stdout(), bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn retry(mut call: impl FnMut() -> rustix::io::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            other => return Ok(other?),
        }
    }
}
