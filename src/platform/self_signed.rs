//! Certificates that nobody but their owner vouches for, and the requests to have them signed.

use std::time::Duration;

use jiff::Timestamp;
use rcgen::string::PrintableString;
use rcgen::{CertificateParams, DistinguishedName, DnType, DnValue, KeyPair, PKCS_RSA_SHA256};
use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use russh::keys::key::safe_rng;
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::model::{Context, Fault, Outcome};

/// What openssl makes where nobody says more, and what every client takes.
const RSA_BITS: usize = 2048;

/// Whom a certificate is for. Empty parts are left out.
#[derive(Default)]
pub struct Subject {
    /// Two letters.
    pub country: String,
    /// State or province.
    pub state: String,
    /// Locality.
    pub locality: String,
    /// Organization.
    pub organization: String,
    /// Part of it.
    pub unit: String,
    /// The name in the browser's address.
    pub common_name: String,
    /// Whom to write to.
    pub email: String,
    /// The names that clients compare; the common name is for people.
    pub hostnames: Vec<String>,
}

/// What was made, as PEM.
pub struct Made {
    /// The certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
    /// The request that an authority makes a certificate of.
    pub request: String,
}

/// Makes an RSA key, a certificate signed by it, and a request. Takes a processor for up to a second.
///
/// # Errors
/// When a part of the subject cannot stand in a certificate.
pub fn make(subject: &Subject, now: Timestamp, lifetime: Duration) -> Outcome<Made> {
    let mut params = CertificateParams::new(subject.hostnames.clone())
        .context(|| "A certificate cannot be made for this domain")?;
    params.distinguished_name = distinguished(subject)?;
    let begin = u64::try_from(now.as_second()).unwrap_or_default();
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(begin);
    params.not_after = params.not_before + lifetime;
    let what = || "The certificate cannot be made";
    let key = RsaPrivateKey::new(&mut safe_rng(), RSA_BITS).context(what)?;
    let der = key.to_pkcs8_der().context(what)?;
    let der = PrivatePkcs8KeyDer::from(der.as_bytes());
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_RSA_SHA256).context(what)?;
    let certificate = params.self_signed(&key).context(what)?.pem();
    let request = params.serialize_request(&key).context(what)?.pem().context(what)?;
    Ok(Made { certificate, key: key.serialize_pem(), request })
}

fn distinguished(subject: &Subject) -> Outcome<DistinguishedName> {
    let mut name = DistinguishedName::new();
    if !subject.country.is_empty() {
        let is_code = subject.country.len() == 2 && subject.country.chars().all(|c| c.is_ascii_alphabetic());
        let code = PrintableString::try_from(subject.country.as_str()).ok().filter(|_| is_code);
        let code = code.ok_or_else(|| Fault::new("A country is named by two letters, such as DE"))?;
        name.push(DnType::CountryName, DnValue::PrintableString(code));
    }
    for (kind, value) in [
        (DnType::StateOrProvinceName, &subject.state),
        (DnType::LocalityName, &subject.locality),
        (DnType::OrganizationName, &subject.organization),
        (DnType::OrganizationalUnitName, &subject.unit),
        (DnType::CommonName, &subject.common_name),
        // emailAddress, of PKCS #9.
        (DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]), &subject.email),
    ] {
        if !value.is_empty() {
            name.push(kind, value.as_str());
        }
    }
    Ok(name)
}
