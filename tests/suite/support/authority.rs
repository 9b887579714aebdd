//! An authority that issues certificates, for tests.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// An authority that nobody knows.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, as PEM.
    pub certificate: String,
}

/// A certificate without its chain, and its key, as PEM.
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

impl Authority {
    /// One of this name.
    pub fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a certificate").pem();
        Authority { issuer: Issuer::new(params, key), certificate }
    }

    /// Issues one for this name, valid from the first day of one year until the first of another.
    pub fn issue(&self, hostname: &str, years: (i32, i32)) -> Issued {
        let (params, key) = subject(hostname, years);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate").pem();
        Issued { certificate, key: key.serialize_pem() }
    }
}

/// A certificate that only its owner vouches for.
pub fn self_signed(hostname: &str, years: (i32, i32)) -> Issued {
    let (params, key) = subject(hostname, years);
    Issued { certificate: params.self_signed(&key).expect("a certificate").pem(), key: key.serialize_pem() }
}

fn subject(hostname: &str, years: (i32, i32)) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(vec![hostname.to_owned()]).expect("a name");
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, hostname);
    params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    (params, KeyPair::generate().expect("a key"))
}
