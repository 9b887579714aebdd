//! The engine's client: dialled at the first call, with the newest API both sides know.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bollard::errors::Error;
use bollard::{BollardRequest, ClientVersion, body_full, body_try_stream};
use bytes::Bytes;
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use serde::de::DeserializeOwned;

use super::failure::{docker_error, too_old};
use super::transport::Transport;
use super::{ApiVersion, BuildContext, ByteStream, DockerResult, EngineInfo, Owner, Progress};
use crate::model::build_plan::BuildPlan;

/// bollard's limit for one answer, in seconds. Stopping a container may take as long as its owner
/// said, so the limit is out of reach and `PING` guards what must be quick.
const NO_LIMIT: u64 = 30 * 24 * 3600;

/// How long an engine may take for a sign of life.
const PING: Duration = Duration::from_secs(20);

/// The engine behind a socket.
#[derive(Debug)]
pub struct Engine {
    pub(super) transport: Arc<Transport>,
    pub(super) owner: Owner,
    /// How it builds, for a process that does: the server is a program without all that takes.
    pub(super) builds: Option<Builds>,
    link: Mutex<Option<Link>>,
}

/// How an engine builds an image.
pub(super) type Builds = for<'a> fn(
    &'a Engine,
    BuildPlan,
    Arc<dyn BuildContext>,
    &'a mut dyn Progress,
) -> BoxFuture<'a, DockerResult<String>>;

/// A client that has agreed on an API version.
#[derive(Clone, Debug)]
pub struct Link {
    pub(super) bollard: bollard::Docker,
    pub(super) api: ApiVersion,
    /// What the engine said of itself: asked for with each container, and the same for all.
    pub(super) info: Arc<OnceLock<EngineInfo>>,
}

impl Engine {
    /// The socket that Docker uses everywhere.
    pub const SOCKET: &'static str = "/var/run/docker.sock";

    /// The engine behind that socket. Connects to nothing yet.
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        let transport = Arc::new(Transport::new(socket.into()));
        Engine { transport, owner: Owner::nobody(), builds: None, link: Mutex::new(None) }
    }

    /// The same, working for somebody.
    #[must_use]
    pub fn owned_by(self, owner: Owner) -> Self {
        Engine { owner, ..self }
    }

    /// The same, able to build images.
    #[must_use]
    pub fn that_builds(self) -> Self {
        let builds: Builds = |engine, plan, context, progress| {
            Box::pin(async move { engine.build(&plan, context, progress).await })
        };
        Engine { builds: Some(builds), ..self }
    }

    /// The client; asks the engine for its API version at the first call and after a failure.
    pub(super) async fn link(&self) -> DockerResult<Link> {
        if let Some(link) = self.link.lock().expect("no holder panics").clone() {
            return Ok(link);
        }
        let api = self.api_version().await?;
        if api < ApiVersion::OLDEST {
            return Err(too_old(api));
        }
        let api = api.min(ApiVersion::NEWEST);
        let version = ClientVersion { major_version: api.major as usize, minor_version: api.minor as usize };
        let transport = Arc::clone(&self.transport);
        let send = move |request: BollardRequest| {
            let transport = Arc::clone(&transport);
            async move { transport.send(request).await }
        };
        let address = Some("http://docker");
        let bollard = bollard::Docker::connect_with_custom_transport(send, address, NO_LIMIT, &version)
            .map_err(|error| self.failed("talk to the Docker engine", error))?;
        let link = Link { bollard, api, info: Arc::default() };
        *self.link.lock().expect("no holder panics") = Some(link.clone());
        Ok(link)
    }

    /// Turns an error into words, and forgets the API version if the engine may have been replaced.
    pub(super) fn failed(&self, what: &str, error: Error) -> super::DockerError {
        let error = docker_error(self.transport.socket(), what, error);
        if error.is_unreachable() {
            *self.link.lock().expect("no holder panics") = None;
        }
        error
    }

    /// The version every answer of an engine bears in its head.
    async fn api_version(&self) -> DockerResult<ApiVersion> {
        let what = "reach the Docker engine";
        let request = Request::builder().method(Method::HEAD).uri("/_ping").body(body_full(Bytes::new()));
        let request = request.expect("a fixed request is valid");
        let answer = match tokio::time::timeout(PING, self.transport.send(request)).await {
            Ok(answer) => answer.map_err(|error| self.failed(what, error))?,
            Err(_) => return Err(self.failed(what, Error::RequestTimeoutError)),
        };
        let version = answer.headers().get("api-version").and_then(|version| version.to_str().ok());
        Ok(version.and_then(|version| version.parse().ok()).unwrap_or_default())
    }

    /// Sends a request of ours; the answer is a success.
    pub(super) async fn send(&self, call: Call) -> DockerResult<Response<Incoming>> {
        let link = self.link().await?;
        let what = call.what.clone();
        let failed = |error| self.failed(&what, error);
        let request = call.into_request(link.api).map_err(|error| failed(error.into()))?;
        let answer = self.transport.send(request).await.map_err(failed)?;
        let status = answer.status();
        if status.is_success() || status.is_informational() || status == hyper::StatusCode::NOT_MODIFIED {
            return Ok(answer);
        }
        let body = answer.into_body().collect().await.map_err(|error| failed(error.into()))?.to_bytes();
        let message = serde_json::from_slice::<serde_json::Value>(&body)
            .ok()
            .and_then(|body| Some(body.get("message")?.as_str()?.to_owned()))
            .unwrap_or_else(|| String::from_utf8_lossy(&body).trim().to_owned());
        Err(failed(Error::DockerResponseServerError { status_code: status.as_u16(), message }))
    }

    /// Sends a request of ours and reads the whole answer.
    pub(super) async fn fetch<T: DeserializeOwned>(&self, call: Call) -> DockerResult<T> {
        let what = call.what.clone();
        let answer = self.send(call).await?;
        let body = answer.into_body().collect().await.map_err(|error| self.failed(&what, error.into()))?;
        serde_json::from_slice(&body.to_bytes()).map_err(|error| self.failed(&what, error.into()))
    }
}

/// A request of ours: what bollard has no lossless call for.
pub(super) struct Call {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Content,
    what: String,
}

/// What a request carries.
enum Content {
    Bytes(Bytes),
    Stream(ByteStream),
}

impl Call {
    /// A question. `what` completes "cannot …".
    pub fn get(path: impl Into<String>, what: impl Into<String>) -> Self {
        Call::new(Method::GET, path.into(), what.into())
    }

    /// An order.
    pub fn post(path: impl Into<String>, what: impl Into<String>) -> Self {
        Call::new(Method::POST, path.into(), what.into())
    }

    fn new(method: Method, path: String, what: String) -> Self {
        Call { method, path, headers: Vec::new(), body: Content::Bytes(Bytes::new()), what }
    }

    /// Adds `key=value` to the query.
    pub fn query(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.path.push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(key);
        self.path.push('=');
        percent_encode(value.as_ref(), &mut self.path);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends JSON.
    pub fn json(mut self, body: &impl serde::Serialize) -> Self {
        let text = serde_json::to_vec(body).expect("our own values are always JSON");
        self.body = Content::Bytes(text.into());
        self.header("content-type", "application/json")
    }

    /// Sends a tar archive.
    pub fn tar(mut self, archive: ByteStream) -> Self {
        self.body = Content::Stream(archive);
        self.header("content-type", "application/x-tar")
    }

    /// Asks for the connection itself.
    pub fn upgrade(self, protocol: &str) -> Self {
        self.header("connection", "Upgrade").header("upgrade", protocol)
    }

    /// What completes "cannot …".
    pub fn what(&self) -> &str {
        &self.what
    }

    fn into_request(self, api: ApiVersion) -> Result<BollardRequest, hyper::http::Error> {
        let mut request = Request::builder().method(self.method).uri(format!("/v{api}{}", self.path));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(match self.body {
            Content::Bytes(bytes) => body_full(bytes),
            Content::Stream(stream) => body_try_stream(stream.map_err(std::io::Error::other)),
        })
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
fn percent_encode(text: &str, into: &mut String) {
    use std::fmt::Write;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(byte as char);
        } else {
            write!(into, "%{byte:02X}").expect("writing to a String does not fail");
        }
    }
}
