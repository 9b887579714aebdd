//! One end of a pipe or of a terminal, for async code.

use std::io;
use std::os::fd::OwnedFd;

use bytes::Bytes;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use tokio::io::unix::AsyncFd;

use crate::model::{Context, Outcome};

/// How much one read takes at most, in bytes.
const READ_SIZE: usize = 64 * 1024;

/// How large pipes are made where the kernel allows it, in bytes: fewer wake-ups for packs and dumps.
const PIPE_SIZE: usize = 1024 * 1024;

/// An end of a pipe or a terminal's master. Several tasks may use it at once: one reads, one writes.
#[derive(Debug)]
pub struct Stream(AsyncFd<OwnedFd>);

impl Stream {
    /// Takes the descriptor over and makes it non-blocking. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn new(descriptor: OwnedFd) -> Outcome<Self> {
        let what = || "cannot watch a pipe";
        let flags = fcntl_getfl(&descriptor).context(what)?;
        fcntl_setfl(&descriptor, flags | OFlags::NONBLOCK).context(what)?;
        #[allow(
            deprecated,
            reason = "its successor is `unsafe`, and an OwnedFd stays open as long as it is held here"
        )]
        let watched = AsyncFd::new(descriptor).context(what)?;
        Ok(Stream(watched))
    }

    /// Reads what is there, waiting for the first byte; `buffer` is scratch space that saves allocations. Empty at the end, and when the terminal's last user is gone.
    ///
    /// # Errors
    /// What the kernel says.
    pub async fn read(&self, buffer: &mut Vec<u8>) -> io::Result<Bytes> {
        loop {
            let mut ready = self.0.readable().await?;
            match ready.try_io(|inner| read_into(inner.get_ref(), buffer)) {
                Ok(outcome) => return outcome,
                Err(_not_ready) => {}
            }
        }
    }

    /// Reads what is there now, without waiting; `None` when nothing is. Empty at the end.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn read_now(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Bytes>> {
        match read_into(self.0.get_ref(), buffer) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes what fits now; the number of bytes taken, 0 when nothing fits.
    ///
    /// # Errors
    /// What the kernel says; a broken pipe when nobody reads any more.
    pub fn write_now(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = 0;
        while taken < bytes.len() {
            match rustix::io::write(self.0.get_ref(), &bytes[taken..]) {
                Ok(count) => taken += count,
                Err(rustix::io::Errno::AGAIN) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(taken)
    }

    /// Writes all of it, waiting for room.
    ///
    /// # Errors
    /// As [`Stream::write_now`].
    pub async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let mut ready = self.0.writable().await?;
            match ready.try_io(|inner| Ok(rustix::io::write(inner.get_ref(), bytes)?)) {
                Ok(count) => bytes = &bytes[count?..],
                Err(_not_ready) => {}
            }
        }
        Ok(())
    }

    /// The descriptor, for what only it can do (a terminal's size).
    pub fn descriptor(&self) -> &OwnedFd {
        self.0.get_ref()
    }
}

/// A pipe, both ends closed in children: where to read, where to write.
///
/// # Errors
/// When this process has too many files open.
pub fn pipe() -> Outcome<(OwnedFd, OwnedFd)> {
    let (reader, writer) =
        rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).context(|| "cannot make a pipe")?;
    // A wish: beyond the kernel's limit for all pipes of a user it stays as it is.
    let _ = rustix::pipe::fcntl_setpipe_size(&writer, PIPE_SIZE);
    Ok((reader, writer))
}

fn read_into(descriptor: &OwnedFd, buffer: &mut Vec<u8>) -> io::Result<Bytes> {
    buffer.clear();
    buffer.reserve(READ_SIZE);
    match rustix::io::read(descriptor, rustix::buffer::spare_capacity(buffer)) {
        Ok(_) => Ok(Bytes::copy_from_slice(buffer)),
        // A terminal whose last user is gone.
        Err(rustix::io::Errno::IO) => Ok(Bytes::new()),
        Err(error) => Err(error.into()),
    }
}
