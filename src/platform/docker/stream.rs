//! What flows to and from the engine.

use std::pin::Pin;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tokio::io::AsyncWrite;

use super::{DockerResult, Event};

/// Bytes as they come. Dropping it closes the connection.
pub type ByteStream = BoxStream<'static, DockerResult<Bytes>>;

/// What happens at the engine, as it happens.
pub type EventStream = BoxStream<'static, DockerResult<Event>>;

/// What a container writes, as it writes.
pub type ChunkStream = BoxStream<'static, DockerResult<Chunk>>;

/// The end of a container: its exit code.
pub type Waiting = BoxFuture<'static, DockerResult<i64>>;

/// Where a container wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// To standard output, or to its terminal, which does not tell the two apart.
    Stdout,
    /// To standard error.
    Stderr,
}

/// A piece of what a container wrote; not always a whole line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where it wrote.
    pub source: Source,
    /// What it wrote.
    pub bytes: Bytes,
}

/// A connection to a container's streams.
pub struct Attached {
    /// What it writes, until it ends.
    pub output: ChunkStream,
    /// What it reads. Shutting it down is the end of its input.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
}

impl std::fmt::Debug for Attached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attached")
    }
}

/// A program started in a container, and the connection to it.
#[derive(Debug)]
pub struct Exec {
    /// Names it for `resize_exec` and `exec_status`.
    pub id: String,
    /// Its streams.
    pub attached: Attached,
}

/// Who is told how a long call goes on, line by line, as it happens.
pub trait Progress: Send {
    /// A line, without its line feed.
    fn line(&mut self, line: &str);
}

/// Any closure will do.
impl<F: FnMut(&str) + Send> Progress for F {
    fn line(&mut self, line: &str) {
        self(line);
    }
}
