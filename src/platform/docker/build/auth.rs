//! BuildKit asks who we are at a registry.

use std::collections::BTreeMap;

use bollard_buildkit_proto::moby::filesync::v1::auth_server::Auth;
use bollard_buildkit_proto::moby::filesync::v1::{
    CredentialsRequest, CredentialsResponse, FetchTokenRequest, FetchTokenResponse, GetTokenAuthorityRequest,
    GetTokenAuthorityResponse, VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse,
};
use tonic::{Request, Response, Status};

use crate::model::build_plan::RegistryLogin;

/// Logins by registry host.
pub struct Logins(BTreeMap<String, RegistryLogin>);

impl Logins {
    /// These logins.
    pub fn new(logins: BTreeMap<String, RegistryLogin>) -> Self {
        Logins(logins)
    }

    fn at(&self, host: &str) -> Option<&RegistryLogin> {
        // BuildKit names the Docker Hub by the host it really asks.
        let host = if host == "registry-1.docker.io" { "docker.io" } else { host };
        self.0.get(host)
    }
}

/// With a login BuildKit fetches tokens itself; the calls by which a client does that for it are not offered.
#[tonic::async_trait]
impl Auth for Logins {
    async fn credentials(
        &self,
        request: Request<CredentialsRequest>,
    ) -> Result<Response<CredentialsResponse>, Status> {
        let (username, secret) = match self.at(&request.get_ref().host) {
            Some(login) if login.identity_token.is_empty() => {
                (login.username.clone(), login.password.clone())
            }
            // A token goes without a name: that is how BuildKit tells it from a password.
            Some(login) => (String::new(), login.identity_token.clone()),
            None => (String::new(), String::new()),
        };
        Ok(Response::new(CredentialsResponse { username, secret }))
    }

    async fn fetch_token(
        &self,
        _: Request<FetchTokenRequest>,
    ) -> Result<Response<FetchTokenResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn get_token_authority(
        &self,
        _: Request<GetTokenAuthorityRequest>,
    ) -> Result<Response<GetTokenAuthorityResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn verify_token_authority(
        &self,
        _: Request<VerifyTokenAuthorityRequest>,
    ) -> Result<Response<VerifyTokenAuthorityResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}
