//! The connection to the engine's socket. bollard sends its requests through it, and so do we where
//! bollard's typed answers would lose something: raw inspect output, terminals, BuildKit sessions.

use std::io;
use std::path::{Path, PathBuf};

use bollard::BollardRequest;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper::{Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio_util::task::TaskTracker;

use crate::platform::waits::{self, Wait};

/// How the paths of requests end that change what others find by name. The engine carries one out to its end whether
/// or not somebody still listens; whoever lets go of one can wait for that end.
const CHANGES: [&str; 4] = ["/containers/create", "/commit", "/tag", "/rename"];

/// Where the engine listens. Connects anew for every request: over a local socket that costs less
/// than keeping idle connections honest across an engine's restart.
#[derive(Debug)]
pub struct Transport {
    socket: PathBuf,
    changes: TaskTracker,
}

impl Transport {
    /// A transport to that socket. Opens nothing.
    pub fn new(socket: PathBuf) -> Self {
        Transport { socket, changes: TaskTracker::new() }
    }

    /// The socket's path.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Sends one request and returns once the answer's head is there. Dropping the answer's body
    /// closes the connection, which is how a long call is given up.
    pub async fn send(
        &self,
        mut request: BollardRequest,
    ) -> Result<Response<Incoming>, bollard::errors::Error> {
        let _waiting = waits::begin(Wait::Engine);
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = path.parse::<Uri>().map_err(io::Error::other)?;
        request.headers_mut().insert(HOST, HeaderValue::from_static("docker"));
        if !CHANGES.iter().any(|end| request.uri().path().ends_with(end)) {
            return exchange(&self.socket, request).await;
        }
        let socket = self.socket.clone();
        let change = self.changes.spawn(async move { exchange(&socket, request).await });
        change.await.map_err(io::Error::other)?
    }

    /// Waits until the engine has done all that it was asked to change.
    pub async fn changes_end(&self) {
        self.changes.close();
        self.changes.wait().await;
    }
}

async fn exchange(
    socket: &Path,
    request: BollardRequest,
) -> Result<Response<Incoming>, bollard::errors::Error> {
    let stream = UnixStream::connect(socket).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // How the connection ended shows in the answer; here is nobody to tell.
        let _ = connection.with_upgrades().await;
    });
    Ok(sender.send_request(request).await?)
}
