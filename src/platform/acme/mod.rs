//! Certificates from an authority by the ACME protocol (RFC 8555): an account, an order, its proofs, the certificate.

mod account;
mod http;
mod order;

pub use account::Account;
pub use order::{Obtained, Order, Proof, Record};

use instant_acme::{Error, Problem};

use crate::model::Fault;

/// Let's Encrypt, whom browsers know.
pub const LETS_ENCRYPT: &str = instant_acme::LetsEncrypt::Production.url();

/// Its other server, for trials: browsers do not know it, and it allows far more of them.
pub const LETS_ENCRYPT_STAGING: &str = instant_acme::LetsEncrypt::Staging.url();

/// How often a request is signed anew after the server did not like its nonce. The library tries three times each time.
const NONCES: usize = 8;

/// Awaits a request until the server takes its nonce: it may refuse any, and some do so to try clients.
macro_rules! insist {
    ($request:expr) => {{
        let mut tries = 0;
        loop {
            let answer = $request.await;
            tries += 1;
            match answer {
                Err(error)
                    if tries < $crate::platform::acme::NONCES
                        && $crate::platform::acme::is_of(&error, "badNonce") => {}
                answer => break answer,
            }
        }
    }};
}
use insist;

/// True when the server says that the request failed by this.
fn is_of(error: &Error, kind: &str) -> bool {
    matches!(error, Error::Api(problem) if kind_of(problem) == Some(kind))
}

fn kind_of(problem: &Problem) -> Option<&str> {
    problem.r#type.as_deref()?.strip_prefix("urn:ietf:params:acme:error:")
}

/// What failed, in the server's words where it said some.
fn fault(what: &str, error: Error) -> Fault {
    let why = match &error {
        Error::Api(problem) => said(problem),
        other => other.to_string(),
    };
    Fault::new(format!("{what}: {why}")).caused_by(error)
}

fn said(problem: &Problem) -> String {
    let mut parts = vec![problem.detail.clone().unwrap_or_else(|| "no reason given".to_owned())];
    parts.extend(problem.subproblems.iter().map(ToString::to_string));
    let kind = kind_of(problem).map(|kind| format!(" ({kind})")).unwrap_or_default();
    // On one line: it is kept, and shown in a report.
    format!("{}{kind}", parts.join("; ")).replace(['\n', '\r'], " ")
}
