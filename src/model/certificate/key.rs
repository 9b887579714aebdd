//! Private keys: read from PEM, and told whether they belong to a certificate.

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::asn1_rs::{FromDer, Integer, OctetString, Sequence};
use x509_parser::public_key::PublicKey;

use super::{Certificate, Fault, Outcome};

/// Shorter ones are refused by nginx, as OpenSSL's default security level asks.
const RSA_BITS: usize = 2048;

/// The object identifier of RSA keys, 1.2.840.113549.1.1.1.
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// What a private key says about its other half.
pub enum Public {
    /// The modulus of an RSA key, without leading zeros.
    Rsa(Vec<u8>),
    /// The whole public key as a certificate holds it.
    Other(Vec<u8>),
}

impl Public {
    /// Reads PEM text.
    ///
    /// # Errors
    /// When there is no private key in it, or one that nginx could not use.
    pub fn of_private(pem: &[u8]) -> Outcome<Self> {
        if pem.windows(9).any(|word| word == b"ENCRYPTED") {
            return Err(Fault::new(
                "The private key is encrypted, and nginx has nobody to ask for its passphrase",
            )
            .hint("Decrypt it first: openssl pkey -in server.key -out plain.key"));
        }
        let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
            Fault::new("The KEY file holds no private key")
                .hint("Expected is PEM text, which begins with -----BEGIN PRIVATE KEY-----")
        })?;
        if let Some(modulus) = modulus(&der) {
            let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
            if bits < RSA_BITS {
                return Err(Fault::new(format!("The RSA key has {bits} bits, which nginx refuses"))
                    .hint(format!("Make one of {RSA_BITS} bits or more")));
            }
            return Ok(Public::Rsa(modulus));
        }
        let key = any_supported_type(&der).map_err(|error| {
            Fault::new("The private key cannot be used")
                .caused_by(error)
                .hint("RSA from 2048 bits on, P-256, P-384 and Ed25519 can")
        })?;
        let public = key.public_key().map(|public| public.to_vec());
        public.map(Public::Other).ok_or_else(|| Fault::new("The private key cannot be used"))
    }

    /// True when the certificate is for this key.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        let parsed = certificate.parsed();
        let public = parsed.public_key();
        match self {
            Public::Rsa(modulus) => match public.parsed() {
                Ok(PublicKey::RSA(known)) => without_zeros(known.modulus) == *modulus,
                Ok(
                    PublicKey::EC(_)
                    | PublicKey::DSA(_)
                    | PublicKey::GostR3410(_)
                    | PublicKey::GostR3410_2012(_)
                    | PublicKey::Unknown(_),
                )
                | Err(_) => false,
            },
            Public::Other(whole) => public.raw == whole,
        }
    }
}

/// The modulus of an RSA key; `None` for a key of another kind.
fn modulus(key: &PrivateKeyDer<'_>) -> Option<Vec<u8>> {
    let read = |pkcs1: &[u8]| {
        let (_, key) = Sequence::from_der(pkcs1).ok()?;
        let (rest, _version) = Integer::from_der(&key.content).ok()?;
        let (_, modulus) = Integer::from_der(rest).ok()?;
        Some(without_zeros(modulus.as_ref()))
    };
    if let PrivateKeyDer::Pkcs1(key) = key {
        return read(key.secret_pkcs1_der());
    }
    let PrivateKeyDer::Pkcs8(key) = key else { return None };
    let (_, outer) = Sequence::from_der(key.secret_pkcs8_der()).ok()?;
    let (rest, _version) = Integer::from_der(&outer.content).ok()?;
    let (rest, algorithm) = Sequence::from_der(rest).ok()?;
    let is_rsa = algorithm.content.windows(RSA_ENCRYPTION.len()).any(|id| id == RSA_ENCRYPTION);
    let (_, inner) = OctetString::from_der(rest).ok()?;
    if is_rsa { read(inner.as_ref()) } else { None }
}

fn without_zeros(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}
