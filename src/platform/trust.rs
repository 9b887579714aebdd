//! Whom clients of TLS know: the system's roots (`SSL_CERT_FILE` and `SSL_CERT_DIR` win), and rustls on ring, which the
//! tree has for ssh and git already.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use ureq::tls::{Certificate as Root, RootCerts, TlsConfig};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::model::Certificate;
use crate::model::certificate::Chain;
use crate::platform::files;

/// The system's roots, read once.
pub struct Trust(Vec<CertificateDer<'static>>);

impl Trust {
    /// Reads them: some hundred files or one large one, a matter of milliseconds.
    pub fn of_system() -> Self {
        Trust(rustls_native_certs::load_native_certs().certs)
    }

    /// The same, and those whose certificates stand in the folder as PEM. What is no such file is passed over.
    #[must_use]
    pub fn and_of(mut self, folder: &Path) -> Self {
        for name in files::names(folder).unwrap_or_default() {
            let pem = files::read(&folder.join(name)).ok().flatten().unwrap_or_default();
            self.0.extend(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
        }
        self
    }

    /// True when one of the roots has signed the certificate.
    pub fn knows_issuer_of(&self, certificate: &Certificate) -> bool {
        let Ok((_, signed)) = X509Certificate::from_der(&certificate.der) else { return false };
        self.0.iter().any(|root| {
            X509Certificate::from_der(root).is_ok_and(|(_, root)| {
                root.subject().as_raw() == signed.issuer().as_raw()
                    && signed.verify_signature(Some(root.public_key())).is_ok()
            })
        })
    }

    /// True when a client of the first name in the certificate takes it at this time.
    pub fn verifies(&self, chain: &Chain, now: Timestamp) -> bool {
        self.verify(chain, now).is_some()
    }

    fn verify(&self, chain: &Chain, now: Timestamp) -> Option<()> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.0.iter().cloned());
        let provider = Arc::new(default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok()?;
        let behind: Vec<_> = chain.behind().iter().map(|certificate| certificate.der.clone()).collect();
        let name = chain.first().hostnames.first()?.replace('*', "any");
        let name = ServerName::try_from(name).ok()?;
        let seconds = u64::try_from(now.as_second()).ok()?;
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        verifier.verify_server_cert(&chain.first().der, &behind, &name, &[], now).ok().map(|_| ())
    }

    /// What ureq is to trust.
    pub fn for_ureq(&self) -> TlsConfig {
        let roots: Vec<_> = self.0.iter().map(|root| Root::from_der(root).to_owned()).collect();
        TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .unversioned_rustls_crypto_provider(Arc::new(default_provider()))
            .build()
    }
}
