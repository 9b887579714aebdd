//! What is read from outside is counted and has an end.

use std::io::{self, Read};

use crate::platform::git::clone::ask::Deadline;

/// Passes bytes on until there are too many of them, or it is too late.
pub(in crate::platform::git::clone) struct Guard<R> {
    input: R,
    left: u64,
    deadline: Deadline,
}

impl<R: Read> Guard<R> {
    pub(in crate::platform::git::clone) fn new(input: R, bytes: u64, deadline: Deadline) -> Self {
        Guard { input, left: bytes, deadline }
    }

    fn in_time(&self) -> io::Result<()> {
        self.deadline.check().map_err(|fault| io::Error::other(fault.message))
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.in_time()?;
        let read = match self.input.read(buffer) {
            Ok(read) => read,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                self.in_time()?;
                return Err(io::Error::other("the other side fell silent"));
            }
            Err(error) => return Err(error),
        };
        if read as u64 > self.left {
            return Err(io::Error::other("it sends more than the limit allows"));
        }
        self.left -= read as u64;
        Ok(read)
    }
}
