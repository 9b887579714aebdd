//! Certificates as nginx is given them: read from PEM, printed as openssl does, checked before anybody relies on them.

mod check;
mod key;
mod name;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use super::{Fault, Outcome};

pub use check::Findings;

/// A certificate.
pub struct Certificate {
    /// As it was signed.
    pub der: CertificateDer<'static>,
    /// Whom it is for: `C=US; O=Example; CN=example.com`, in its own order.
    pub subject: String,
    /// Who signed it: `C = US, O = Example, CN = Example CA`.
    pub issuer: String,
    /// The names it is for, its common name among them; sorted, each once.
    pub hostnames: Vec<String>,
    /// From when on it is valid.
    pub starts_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A certificate and those behind it, which lead to somebody that clients know. Never empty.
pub struct Chain(Vec<Certificate>);

impl Chain {
    /// Reads PEM text; what stands between its sections does not matter.
    ///
    /// # Errors
    /// When there is no certificate in it, or one that cannot be read.
    pub fn parse(pem: &[u8]) -> Outcome<Self> {
        let mut all = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem) {
            let der = der.map_err(|error| {
                Fault::new("The certificate is broken")
                    .hint(format!("Its PEM text cannot be read: {error:?}"))
            })?;
            all.push(Certificate::read(der)?);
        }
        if all.is_empty() {
            return Err(Fault::new("The CRT file holds no certificate")
                .hint("Expected is PEM text, which begins with -----BEGIN CERTIFICATE-----"));
        }
        Ok(Chain(all))
    }

    /// The server's own.
    pub fn first(&self) -> &Certificate {
        &self.0[0]
    }

    /// Those behind it.
    pub fn behind(&self) -> &[Certificate] {
        &self.0[1..]
    }
}

impl Certificate {
    fn read(der: CertificateDer<'static>) -> Outcome<Self> {
        let parsed = parsed(&der)
            .ok_or_else(|| Fault::new("The certificate is broken").hint("It is no X.509 certificate"))?;
        let mut hostnames: Vec<String> = name::common(parsed.subject()).into_iter().collect();
        if let Ok(Some(alternatives)) = parsed.subject_alternative_name() {
            hostnames.extend(alternatives.value.general_names.iter().filter_map(hostname));
        }
        hostnames.sort();
        hostnames.dedup();
        let (subject, issuer) = (name::in_report(parsed.subject()), name::in_text(parsed.issuer()));
        let validity = parsed.validity();
        let (starts_at, expires_at) = (timestamp(validity.not_before)?, timestamp(validity.not_after)?);
        Ok(Certificate { subject, issuer, hostnames, starts_at, expires_at, der })
    }

    /// The certificate's parts.
    fn parsed(&self) -> X509Certificate<'_> {
        parsed(&self.der).expect("it was read when this value was made")
    }

    /// True when the other one has signed this.
    pub fn is_signed_by(&self, other: &Certificate) -> bool {
        let (this, other) = (self.parsed(), other.parsed());
        // A signature of a kind that cannot be verified here may be good all the same.
        this.issuer().as_raw() == other.subject().as_raw()
            && !matches!(
                this.verify_signature(Some(other.public_key())),
                Err(x509_parser::error::X509Error::SignatureVerificationError)
            )
    }

    /// True when nobody but its owner vouches for it.
    pub fn is_self_signed(&self) -> bool {
        self.is_signed_by(self)
    }
}

fn parsed(der: &[u8]) -> Option<X509Certificate<'_>> {
    X509Certificate::from_der(der).ok().map(|(_, parsed)| parsed)
}

fn hostname(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match *bytes {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            bytes => {
                <[u8; 16]>::try_from(bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string())
            }
        },
        GeneralName::OtherName(..)
        | GeneralName::RFC822Name(_)
        | GeneralName::X400Address(_)
        | GeneralName::DirectoryName(_)
        | GeneralName::EDIPartyName(_)
        | GeneralName::URI(_)
        | GeneralName::RegisteredID(_)
        | GeneralName::Invalid(..) => None,
    }
}

fn timestamp(time: ASN1Time) -> Outcome<Timestamp> {
    Timestamp::from_second(time.timestamp())
        .map_err(|error| Fault::new("The certificate's time of validity cannot be read").caused_by(error))
}

/// A time as openssl prints it: `Jan 16 06:49:59 2033 GMT`.
pub fn time_text(time: Timestamp) -> String {
    time.strftime("%b %e %H:%M:%S %Y GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair};

    #[test]
    fn facts_are_read_as_openssl_prints_them() {
        let key = KeyPair::generate().unwrap();
        let mut params =
            CertificateParams::new(vec!["b.example.com".into(), "*.example.com".into(), "10.0.0.1".into()])
                .unwrap();
        params.not_before = rcgen::date_time_ymd(2024, 1, 2);
        params.not_after = rcgen::date_time_ymd(2034, 11, 12);
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CountryName, "DE");
        params.distinguished_name.push(DnType::OrganizationName, "Shop, Inc.");
        params.distinguished_name.push(DnType::CommonName, "a.example.com");
        let pem = params.self_signed(&key).unwrap().pem();
        let chain = Chain::parse(format!("Bag Attributes\n{pem}").as_bytes()).unwrap();
        let first = chain.first();
        assert_eq!(first.subject, "C=DE; O=Shop, Inc.; CN=a.example.com");
        assert_eq!(first.issuer, "C = DE, O = \"Shop, Inc.\", CN = a.example.com");
        assert_eq!(first.hostnames, ["*.example.com", "10.0.0.1", "a.example.com", "b.example.com"]);
        assert_eq!(time_text(first.starts_at), "Jan  2 00:00:00 2024 GMT");
        assert_eq!(time_text(first.expires_at), "Nov 12 00:00:00 2034 GMT");
        assert!(first.is_self_signed() && chain.behind().is_empty());
    }

    #[test]
    fn what_is_no_certificate_is_named_so() {
        for (text, told) in [
            ("", "The CRT file holds no certificate"),
            ("hello", "The CRT file holds no certificate"),
            ("-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n", "The certificate is broken"),
            ("-----BEGIN CERTIFICATE-----\nYWJj", "The certificate is broken"),
            ("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", "The certificate is broken"),
        ] {
            let fault = Chain::parse(text.as_bytes()).err().expect("it is refused");
            assert_eq!(fault.message, told, "{text}");
        }
    }
}
