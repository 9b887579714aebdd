//! Talking to a program that listens on a socket: a line of JSON at a time, both ways.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use crate::model::{Context, Fault, Outcome};

/// The longest line taken, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// How long until a socket that does not answer is tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// Connects to the socket. One at which nobody listens yet is tried again, for so long.
///
/// # Errors
/// When nobody listens in that time.
pub async fn connect(path: &Path, patience: Duration) -> Outcome<(Hear, Say)> {
    let tries = async {
        loop {
            match UnixStream::connect(path).await {
                Ok(stream) => return stream,
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    };
    let Ok(stream) = tokio::time::timeout(patience, tries).await else {
        return Err(Fault::new(format!("nobody listens on {}", path.display())));
    };
    let (read, write) = stream.into_split();
    Ok((Hear(BufReader::new(read)), Say(write)))
}

/// What the other end says.
#[derive(Debug)]
pub struct Hear(BufReader<OwnedReadHalf>);

impl Hear {
    /// The next line; `None` when it has hung up.
    ///
    /// # Errors
    /// When the connection breaks, or a line is longer than a mebibyte.
    pub async fn line(&mut self) -> Outcome<Option<String>> {
        let mut line = String::new();
        let read = (&mut self.0).take(LONGEST).read_line(&mut line).await;
        match read.context(|| "the connection broke")? {
            0 => Ok(None),
            length if line.ends_with('\n') || (length as u64) < LONGEST => Ok(Some(line)),
            _ => Err(Fault::new("it answered with a line of more than 1 MiB")),
        }
    }
}

/// What we say to it.
#[derive(Debug)]
pub struct Say(OwnedWriteHalf);

impl Say {
    /// Says a value, on a line of its own.
    ///
    /// # Errors
    /// When it does not listen any more.
    pub async fn line(&mut self, value: &impl Serialize) -> Outcome {
        let mut text = serde_json::to_string(value).context(|| "it cannot be said in JSON")?;
        text.push('\n');
        self.0.write_all(text.as_bytes()).await.context(|| "the connection broke")
    }
}
