//! An order: for each name a proof, then the certificate.

use std::time::Duration;

use instant_acme::{AuthorizationStatus, ChallengeType, OrderStatus, RetryPolicy};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};

use super::{fault, insist, said};
use crate::model::{Context, Fault, Outcome};

/// How long the authority may take to look at a proof, and to issue. Its own advice on when to ask again is followed.
const PATIENCE: RetryPolicy = RetryPolicy::new()
    .initial_delay(Duration::from_millis(500))
    .backoff(1.5)
    .timeout(Duration::from_secs(180));

const LOOKING: &str = "the authority does not say what it wants proven";

/// How a name is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The authority asks the name's own server, on port 80.
    Http,
    /// The authority asks DNS.
    Dns,
}

impl Proof {
    fn kind(self) -> ChallengeType {
        match self {
            Proof::Http => ChallengeType::Http01,
            Proof::Dns => ChallengeType::Dns01,
        }
    }
}

/// A record of type TXT that is to be found in DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name, with a dot at the end.
    pub name: String,
    /// Its text.
    pub value: String,
}

/// What an authority issued, as PEM.
pub struct Obtained {
    /// The certificate with the chain behind it.
    pub certificate: String,
    /// Its key, which never left this machine.
    pub key: String,
}

/// An order that the authority has taken.
pub struct Order {
    order: instant_acme::Order,
    names: Vec<String>,
}

impl Order {
    pub(super) fn new(order: instant_acme::Order, names: Vec<String>) -> Self {
        Order { order, names }
    }

    /// The records that prove the names by DNS; none for a name that the authority still knows as proven.
    ///
    /// # Errors
    /// When the server does not say, or offers no proof by DNS.
    pub async fn records(&mut self) -> Outcome<Vec<Record>> {
        self.look().await?;
        let mut records = Vec::new();
        let mut all = self.order.authorizations();
        while let Some(one) = all.next().await {
            let mut one = one.map_err(|error| fault(LOOKING, error))?;
            if one.status != AuthorizationStatus::Pending {
                continue;
            }
            let name = one.identifier().to_string();
            let challenge = one.challenge(ChallengeType::Dns01).ok_or_else(|| unproven(&name, Proof::Dns))?;
            let name = format!("_acme-challenge.{}.", name.trim_start_matches("*."));
            records.push(Record { name, value: challenge.key_authorization().dns_value() });
        }
        Ok(records)
    }

    /// Has the authority look at the proofs, which are in place, and waits for what it finds.
    ///
    /// # Errors
    /// When one is not found: which name, and what the authority saw.
    pub async fn prove(&mut self, proof: Proof) -> Outcome {
        self.look().await?;
        let mut all = self.order.authorizations();
        while let Some(one) = all.next().await {
            let mut one = one.map_err(|error| fault(LOOKING, error))?;
            if one.status != AuthorizationStatus::Pending {
                continue;
            }
            let name = one.identifier().to_string();
            let mut challenge = one.challenge(proof.kind()).ok_or_else(|| unproven(&name, proof))?;
            insist!(challenge.set_ready()).map_err(|error| fault(&format!("{name} is not proven"), error))?;
        }
        match insist!(self.order.poll_ready(&PATIENCE)) {
            Ok(OrderStatus::Invalid) => {
                let unknown = || Fault::new("the authority did not accept the order, and does not say why");
                Err(self.why().await.unwrap_or_else(unknown))
            }
            Ok(OrderStatus::Pending | OrderStatus::Ready | OrderStatus::Processing | OrderStatus::Valid) => {
                Ok(())
            }
            // The order's own words are "one of your names failed"; the names' are better.
            Err(error @ instant_acme::Error::Api(_)) => Err(self
                .why()
                .await
                .unwrap_or_else(|| fault("the authority did not accept the order", error))),
            Err(error) => Err(fault("the authority did not look at the proofs", error)),
        }
    }

    /// The certificate, for a key that is made now.
    ///
    /// # Errors
    /// When the authority refuses, or cannot be reached.
    pub async fn finish(mut self) -> Outcome<Obtained> {
        let what = || "the request for a certificate cannot be made";
        let key = KeyPair::generate().context(what)?;
        let mut params = CertificateParams::new(self.names).context(what)?;
        params.distinguished_name = DistinguishedName::new();
        let request = params.serialize_request(&key).context(what)?;
        let refused = |error| fault("the certificate was not issued", error);
        insist!(self.order.finalize_csr(request.der())).map_err(refused)?;
        let certificate = insist!(self.order.poll_certificate(&PATIENCE)).map_err(refused)?;
        Ok(Obtained { certificate, key: key.serialize_pem() })
    }

    /// Learns what the authority wants of each name. What was learnt is kept, so that the walks above ask nothing.
    async fn look(&mut self) -> Outcome {
        insist!(async {
            let mut all = self.order.authorizations();
            while let Some(one) = all.next().await {
                one.map(drop)?;
            }
            Ok::<(), instant_acme::Error>(())
        })
        .map_err(|error| fault(LOOKING, error))
    }

    /// Which name was not proven, and why; `None` when the server does not say.
    async fn why(&mut self) -> Option<Fault> {
        // Asking for the order's state has forgotten what was learnt, and a refused nonce must not hide the cause.
        self.look().await.ok()?;
        let mut all = self.order.authorizations();
        while let Some(Ok(mut one)) = all.next().await {
            // One that cannot be asked about may not be the one that failed.
            let _ = insist!(async { one.refresh().await.map(|_| ()) });
            if let Some(problem) = one.challenges.iter().find_map(|challenge| challenge.error.as_ref()) {
                return Some(Fault::new(format!("{} is not proven: {}", one.identifier(), said(problem))));
            }
        }
        None
    }
}

fn unproven(name: &str, proof: Proof) -> Fault {
    let by = match proof {
        Proof::Http => "HTTP",
        Proof::Dns => "DNS",
    };
    Fault::new(format!("the authority takes no proof of {name} by {by}"))
}
