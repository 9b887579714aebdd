//! BuildKit asks for a secret that the Dockerfile mounts.

use std::collections::BTreeMap;
use std::path::Path;

use bollard_buildkit_proto::moby::buildkit::secrets::v1::secrets_server;
use bollard_buildkit_proto::moby::buildkit::secrets::v1::{GetSecretRequest, GetSecretResponse};
use tonic::{Request, Response, Status};

use crate::model::build_plan::{BuildSecret, SecretSource};
use crate::platform::files;

/// BuildKit refuses more than that.
const LARGEST: usize = 500 * 1024;

/// Secrets by id. They are read when they are asked for.
pub struct Secrets(BTreeMap<String, SecretSource>);

impl Secrets {
    /// These secrets.
    pub fn new(secrets: &[BuildSecret]) -> Self {
        Secrets(secrets.iter().map(|secret| (secret.id.clone(), secret.source.clone())).collect())
    }
}

#[tonic::async_trait]
impl secrets_server::Secrets for Secrets {
    async fn get_secret(
        &self,
        request: Request<GetSecretRequest>,
    ) -> Result<Response<GetSecretResponse>, Status> {
        let id = &request.get_ref().id;
        // A secret that is not required may be absent: BuildKit goes by the status.
        let source = self.0.get(id).ok_or_else(|| Status::not_found(format!("secret {id} not found")))?;
        let data = match source {
            SecretSource::Value(value) => value.clone(),
            SecretSource::Env(name) => std::env::var_os(name)
                .map(std::os::unix::ffi::OsStringExt::into_vec)
                .ok_or_else(|| Status::not_found(format!("secret {id}: the variable {name} is not set")))?,
            SecretSource::File(path) => files::read(Path::new(path))
                .map_err(|fault| Status::failed_precondition(format!("secret {id}: {fault}")))?
                .ok_or_else(|| Status::not_found(format!("secret {id}: the file {path} is not there")))?,
        };
        if data.len() > LARGEST {
            return Err(Status::invalid_argument(format!("secret {id} is larger than {LARGEST} bytes")));
        }
        Ok(Response::new(GetSecretResponse { data }))
    }
}
