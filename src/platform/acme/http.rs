//! Requests to an ACME server, by ureq.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use ureq::Agent;
use ureq::http::Request;

use crate::model::{Context, Fault};
use crate::platform::trust::Trust;

/// How long an answer may take.
const WITHIN: Duration = Duration::from_secs(60);

/// The longest answer that is read, in bytes: a chain of certificates has some thousand.
const LONGEST: u64 = 1024 * 1024;

/// A client.
pub struct Http(Agent);

impl Http {
    /// One that trusts these authorities.
    pub fn new(trust: &Trust) -> Self {
        let config = Agent::config_builder()
            .tls_config(trust.for_ureq())
            .https_only(true)
            .http_status_as_error(false)
            .timeout_global(Some(WITHIN))
            .build();
        Http(Agent::new_with_config(config))
    }
}

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let agent = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_or_else(|never| match never {}, |body| body.to_bytes());
            let host = parts.uri.host().unwrap_or_default().to_owned();
            let asked = tokio::task::spawn_blocking(move || {
                if body.is_empty() {
                    agent.run(Request::from_parts(parts, ()))
                } else {
                    agent.run(Request::from_parts(parts, &body[..]))
                }
                .and_then(|response| {
                    let (parts, mut body) = response.into_parts();
                    Ok((parts, body.with_config().limit(LONGEST).read_to_vec()?))
                })
            });
            let answer = asked.await.map_err(other)?;
            let answer = answer.context(|| format!("cannot reach {host}"));
            let (parts, body) = answer.map_err(|fault: Fault| other(fault))?;
            Ok(BytesResponse { parts, body: Box::new(Bytes::from(body)) })
        })
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Other(Box::new(error))
}
