//! Asking `dokku serve` for what only root or only a resident process can do: one line of JSON each way.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use super::waits::{self, Wait};
use crate::model::{Context, Fault, Outcome};

/// The longest line taken, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// A request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// What is wanted.
    pub verb: String,
    /// For what, as that verb needs it.
    #[serde(default)]
    pub arguments: Value,
}

/// The answer to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Response {
    /// It was done; the value is the verb's own.
    Done(Value),
    /// It was not.
    Failed {
        /// What failed.
        message: String,
        /// What to do next.
        hints: Vec<String>,
    },
}

impl From<Outcome<Value>> for Response {
    fn from(outcome: Outcome<Value>) -> Self {
        match outcome {
            Ok(value) => Response::Done(value),
            Err(fault) => Response::Failed { message: fault.message, hints: fault.hints },
        }
    }
}

/// Asks `dokku serve` and waits for its answer, as long as that takes.
///
/// # Errors
/// When serve does not run, or what it answered when it failed.
pub async fn ask(socket: &Path, verb: &str, arguments: Value) -> Outcome<Value> {
    let _waiting = waits::begin(Wait::Proxy);
    let what = || format!("cannot ask dokku serve for {verb}");
    let stream = UnixStream::connect(socket).await.context(what).map_err(|fault| {
        fault.hint(
            "It runs in the container and is started again by itself; `docker logs` tells why it does not",
        )
    })?;
    let mut stream = BufReader::new(stream);
    let request = Request { verb: verb.to_owned(), arguments };
    let mut line = serde_json::to_string(&request).context(what)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).await.context(what)?;
    let mut answer = String::new();
    stream.take(LONGEST).read_line(&mut answer).await.context(what)?;
    match serde_json::from_str(&answer).context(what)? {
        Response::Done(value) => Ok(value),
        Response::Failed { message, hints } => Err(hints.into_iter().fold(Fault::new(message), Fault::hint)),
    }
}

/// The other end: the listening socket of `dokku serve`.
#[derive(Debug)]
pub struct ControlSocket(UnixListener);

impl ControlSocket {
    /// Listens. Only root and `group` may connect; a socket of an earlier serve is replaced.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn open(path: &Path, group: Option<u32>) -> Outcome<Self> {
        let what = || format!("cannot listen on {}", path.display());
        super::files::remove(path)?;
        let listener = UnixListener::bind(path).context(what)?;
        std::os::unix::fs::chown(path, None, group).context(what)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660)).context(what)?;
        Ok(ControlSocket(listener))
    }

    /// The next who asks.
    ///
    /// # Errors
    /// When this process has too many files open.
    pub async fn next(&self) -> Outcome<Conversation> {
        let (stream, _) = self.0.accept().await.context(|| "cannot accept a request")?;
        Ok(Conversation(BufReader::new(stream)))
    }
}

/// One request and its answer.
#[derive(Debug)]
pub struct Conversation(BufReader<UnixStream>);

impl Conversation {
    /// What is asked; `None` when it is nothing that can be read.
    pub async fn request(&mut self) -> Option<Request> {
        let mut line = String::new();
        (&mut self.0).take(LONGEST).read_line(&mut line).await.ok()?;
        serde_json::from_str(&line).ok()
    }

    /// Answers. Who has gone hears nothing.
    pub async fn answer(mut self, response: &Response) {
        if let Ok(mut line) = serde_json::to_string(response) {
            line.push('\n');
            let _ = self.0.write_all(line.as_bytes()).await;
        }
    }
}
