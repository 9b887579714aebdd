//! The session: a connection on which the engine's BuildKit is the client and we serve.

use std::io;
use std::sync::Arc;

use bollard_buildkit_proto::health::health_server::HealthServer;
use bollard_buildkit_proto::moby::buildkit::secrets::v1::secrets_server::SecretsServer;
use bollard_buildkit_proto::moby::filesync::packet::file_sync_server::FileSyncServer;
use bollard_buildkit_proto::moby::filesync::v1::auth_server::AuthServer;
use bollard_buildkit_proto::moby::sshforward::v1::ssh_server::SshServer;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper::{Request, Response};
use hyper_util::rt::TokioExecutor;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;

use super::auth::Logins;
use super::files::Files;
use super::health::Alive;
use super::secrets::Secrets;
use super::ssh::Agents;
use crate::model::Fault;
use crate::model::build_plan::BuildPlan;
use crate::platform::docker::client::{Call, Engine};
use crate::platform::docker::{BuildContext, DockerError, DockerResult};
use crate::platform::random::{Random, SystemRandom};

/// What BuildKit may ask for, as it names it: it looks at this list before it asks.
const METHODS: [&str; 6] = [
    "/grpc.health.v1.Health/Check",
    "/moby.filesync.v1.FileSync/DiffCopy",
    "/moby.filesync.v1.Auth/Credentials",
    "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    "/moby.sshforward.v1.SSH/CheckAgent",
    "/moby.sshforward.v1.SSH/ForwardAgent",
];

/// An open session.
pub struct Session {
    /// Names it in the build call.
    pub id: String,
    connection: Upgraded,
    services: Services,
}

#[derive(Clone)]
struct Services {
    health: HealthServer<Alive>,
    files: FileSyncServer<Files>,
    logins: AuthServer<Logins>,
    secrets: SecretsServer<Secrets>,
    agents: SshServer<Agents>,
}

impl Session {
    /// Opens a session with the engine.
    pub async fn open(
        engine: &Engine,
        plan: &BuildPlan,
        context: Arc<dyn BuildContext>,
        what: &str,
    ) -> DockerResult<Self> {
        let id = new_id();
        // The engine compares a context with the last one of the same key.
        let key = plan.context_key.clone().unwrap_or_else(|| id.clone());
        let mut call = Call::post("/session", what)
            .upgrade("h2c")
            .header("x-docker-expose-session-uuid", &*id)
            .header("x-docker-expose-session-name", "dokku")
            .header("x-docker-expose-session-sharedkey", key);
        for method in METHODS {
            call = call.header("x-docker-expose-session-grpc-method", method);
        }
        let answer = engine.send(call).await.map_err(without_buildkit)?;
        let connection =
            hyper::upgrade::on(answer).await.map_err(|error| engine.failed(what, error.into()))?;
        let services = Services {
            health: HealthServer::new(Alive),
            files: FileSyncServer::new(Files::new(context, plan.file.as_deref())),
            logins: AuthServer::new(Logins::new(plan.logins.clone())),
            secrets: SecretsServer::new(Secrets::new(&plan.secret)),
            agents: SshServer::new(Agents::new(&plan.ssh)),
        };
        Ok(Session { id, connection, services })
    }

    /// Serves until the engine closes the connection, or until the future is dropped.
    pub async fn serve(self) -> Result<(), hyper::Error> {
        let services = self.services;
        let service = service_fn(move |request| services.clone().answer(request));
        http2::Builder::new(TokioExecutor::new()).serve_connection(self.connection, service).await
    }
}

impl Services {
    async fn answer(mut self, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
        let path = request.uri().path().to_owned();
        let service = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let answer = match service {
            "grpc.health.v1.Health" => self.health.call(request).await,
            "moby.filesync.v1.FileSync" => self.files.call(request).await,
            "moby.filesync.v1.Auth" => self.logins.call(request).await,
            "moby.buildkit.secrets.v1.Secrets" => self.secrets.call(request).await,
            "moby.sshforward.v1.SSH" => self.agents.call(request).await,
            _ => return Ok(Status::unimplemented("").into_http()),
        };
        match answer {
            Ok(answer) => Ok(answer),
            Err(never) => match never {},
        }
    }
}

/// Only an engine without BuildKit does not know sessions.
fn without_buildkit(error: DockerError) -> DockerError {
    if !error.is_not_found() {
        return error;
    }
    let fault = Fault::new("the engine has no BuildKit, which every build needs")
        .hint("use Docker 20.10 or newer on Linux")
        .caused_by(error);
    DockerError::Other(fault)
}

/// 128 random bits as a name.
pub fn new_id() -> String {
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
