//! Whether a certificate and a key can serve: what would only show when a browser asks is refused beforehand.

use jiff::Timestamp;

use super::key::Public;
use super::{Certificate, Chain, Fault, Outcome, time_text};

/// What is no reason to refuse a certificate, and yet should be known; a line each.
pub type Findings = Vec<String>;

impl Chain {
    /// Checks that the key belongs to the certificate, that clients will take it, and that they can tell who vouches for
    /// it. `is_known` says whether clients know the issuer of a certificate by themselves.
    ///
    /// Who takes a self-signed certificate has decided so without a look at its dates (a proxy in front, a client that
    /// knows this very certificate), so an expired one is no reason to refuse it.
    ///
    /// # Errors
    /// The reason why it cannot serve.
    pub fn check(
        &self,
        key: &[u8],
        now: Timestamp,
        is_known: impl Fn(&Certificate) -> bool,
    ) -> Outcome<Findings> {
        let first = self.first();
        self.check_key(key)?;
        let mut findings = Findings::new();
        let is_self_signed = first.is_self_signed();
        let expiry = time_text(first.expires_at);
        match (first.expires_at <= now, is_self_signed) {
            (true, false) => {
                return Err(Fault::new(format!("The certificate expired on {expiry}"))
                    .hint(format!("Have {} issue a new one", first.issuer)));
            }
            (true, true) => findings.push(format!("The certificate is self-signed and expired on {expiry}")),
            (false, _) => {}
        }
        if first.starts_at > now {
            findings.push(format!("The certificate is not valid before {}", time_text(first.starts_at)));
        }
        let is_vouched_for = is_self_signed || self.behind().iter().any(|other| first.is_signed_by(other));
        if !is_vouched_for && !is_known(first) {
            return Err(Fault::new(format!(
                "The certificate chain is incomplete: the certificate of its issuer is missing ({})",
                first.issuer
            ))
            .hint("Append the certificates of the issuer to the CRT file, behind the server's own"));
        }
        Ok(findings)
    }

    fn check_key(&self, key: &[u8]) -> Outcome {
        let public = Public::of_private(key)?;
        if public.is_of(self.first()) {
            return Ok(());
        }
        let fault = Fault::new("The private key does not belong to the certificate");
        Err(match self.behind().iter().find(|other| public.is_of(other)) {
            Some(other) => fault.hint(format!(
                "It belongs to another one in the CRT file, which must come first: {}",
                other.subject
            )),
            None => fault.hint("Both must come from the same request: openssl x509 -noout -pubkey -in server.crt and openssl pkey -pubout -in server.key print the same"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

    struct Authority {
        issuer: Issuer<'static, KeyPair>,
        pem: String,
    }

    fn authority(name: &str) -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    fn issued(by: &Authority, until: i32) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["shop.example.com".into()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        (params.signed_by(&key, &by.issuer).unwrap().pem(), key.serialize_pem())
    }

    fn check(crt: &str, key: &str) -> Result<Findings, String> {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        let chain = Chain::parse(crt.as_bytes()).map_err(|fault| fault.message)?;
        chain.check(key.as_bytes(), now, |_| false).map_err(|fault| fault.message)
    }

    #[test]
    fn a_chain_is_taken_and_what_is_wrong_with_another_is_said() {
        let (ca, stranger) = (authority("Example CA"), authority("Example CA"));
        let (crt, key) = issued(&ca, 2030);
        assert_eq!(check(&format!("{crt}{}", ca.pem), &key), Ok(vec![]));
        let incomplete = "The certificate chain is incomplete: the certificate of its issuer is missing";
        for alone in [crt.clone(), format!("{crt}{}", stranger.pem)] {
            assert!(check(&alone, &key).unwrap_err().starts_with(incomplete));
        }
        let mismatch = "The private key does not belong to the certificate";
        assert_eq!(check(&format!("{}{crt}", ca.pem), &key).unwrap_err(), mismatch);
        let (_, other) = issued(&ca, 2030);
        assert_eq!(check(&format!("{crt}{}", ca.pem), &other).unwrap_err(), mismatch);
        let (old, key) = issued(&ca, 2025);
        let expired = "The certificate expired on Jan  1 00:00:00 2025 GMT";
        assert_eq!(check(&format!("{old}{}", ca.pem), &key).unwrap_err(), expired);
    }

    #[test]
    fn keys_that_nginx_cannot_use_are_refused() {
        let ca = authority("Example CA");
        let (crt, key) = issued(&ca, 2030);
        let crt = format!("{crt}{}", ca.pem);
        for (key, told) in [
            (String::new(), "The KEY file holds no private key"),
            (crt.clone(), "The KEY file holds no private key"),
            (key[..60].to_owned(), "The KEY file holds no private key"),
            (key.replace("PRIVATE", "ENCRYPTED PRIVATE"), "The private key is encrypted"),
        ] {
            let fault = check(&crt, &key).unwrap_err();
            assert!(fault.starts_with(told), "{fault}");
        }
    }
}
