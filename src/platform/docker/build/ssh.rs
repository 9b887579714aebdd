//! BuildKit asks for an ssh agent that the Dockerfile mounts: bytes to and from its socket.

use std::collections::BTreeMap;

use bollard_buildkit_proto::moby::sshforward::v1::ssh_server::Ssh;
use bollard_buildkit_proto::moby::sshforward::v1::{BytesMessage, CheckAgentRequest, CheckAgentResponse};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tonic::{Request, Response, Status, Streaming};

use crate::model::build_plan::BuildSsh;

/// The header in which BuildKit names the agent it wants.
const ID: &str = "buildkit.ssh.id";

/// Sockets of agents by id.
pub struct Agents(BTreeMap<String, String>);

impl Agents {
    /// These agents.
    pub fn new(agents: &[BuildSsh]) -> Self {
        let own = || std::env::var("SSH_AUTH_SOCK").unwrap_or_default();
        Agents(agents.iter().map(|one| (one.id.clone(), one.socket.clone().unwrap_or_else(own))).collect())
    }

    fn socket(&self, id: &str) -> Result<&str, Status> {
        let id = if id.is_empty() { "default" } else { id };
        match self.0.get(id).map(String::as_str) {
            Some("") => Err(Status::failed_precondition(format!("no ssh agent runs for the id {id}"))),
            Some(socket) => Ok(socket),
            None => Err(Status::not_found(format!("no ssh agent with the id {id} was given to the build"))),
        }
    }
}

#[tonic::async_trait]
impl Ssh for Agents {
    type ForwardAgentStream = BoxStream<'static, Result<BytesMessage, Status>>;

    async fn check_agent(
        &self,
        request: Request<CheckAgentRequest>,
    ) -> Result<Response<CheckAgentResponse>, Status> {
        self.socket(&request.get_ref().id)?;
        Ok(Response::new(CheckAgentResponse {}))
    }

    async fn forward_agent(
        &self,
        request: Request<Streaming<BytesMessage>>,
    ) -> Result<Response<Self::ForwardAgentStream>, Status> {
        let id = request.metadata().get(ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
        let (from_agent, mut to_agent) = UnixStream::connect(self.socket(id)?).await?.into_split();
        let mut asked = request.into_inner();
        tokio::spawn(async move {
            while let Some(Ok(message)) = asked.next().await {
                if to_agent.write_all(&message.data).await.is_err() {
                    break;
                }
            }
        });
        let answers = stream::unfold(from_agent, |mut from_agent| async move {
            let mut data = Vec::with_capacity(16 * 1024);
            match from_agent.read_buf(&mut data).await {
                Ok(0) | Err(_) => None,
                Ok(_) => Some((Ok(BytesMessage { data }), from_agent)),
            }
        });
        Ok(Response::new(answers.boxed()))
    }
}
