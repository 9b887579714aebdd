//! What the door needs to know, and how russh is told.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey};
use russh::server::Config;
use russh::{MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};

use super::limits::Limits;
use crate::platform::attached::Launch;

/// The settings of the door.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The users that may log in. All become the same system user.
    pub users: Vec<String>,
    /// The file of keys that may enter.
    pub authorized_keys: PathBuf,
    /// What each session runs; its environment is the base of every session's.
    pub launch: Launch,
    /// Uid and gid that get a session's terminal.
    pub terminal_owner: Option<(u32, u32)>,
    /// The limits.
    pub limits: Limits,
}

/// The window of a channel in bytes: what may be on its way to us unanswered. Half of it is granted
/// anew at a time, so a path of 100 ms still carries 20 MB a second.
pub const WINDOW: u32 = 4 * 1024 * 1024;

/// The largest packet we take, in bytes.
const PACKET: u32 = 65_535;

/// The configuration of russh for these host keys.
pub fn russh_config(host_keys: Vec<PrivateKey>, limits: &Limits) -> Config {
    Config {
        server_id: SshId::Standard(Cow::Borrowed(concat!("SSH-2.0-Dokku_", env!("CARGO_PKG_VERSION")))),
        methods: MethodSet::from(&[MethodKind::PublicKey][..]),
        // Which keys are known is no secret worth waiting for; `login` slows down who fails often.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: host_keys,
        window_size: WINDOW,
        maximum_packet_size: PACKET,
        event_buffer_size: 32,
        preferred: preferred(),
        // russh counts the question "which methods?", with which clients begin, as OpenSSH does not.
        max_auth_attempts: limits.tries + 1,
        inactivity_timeout: None,
        keepalive_interval: Some(Duration::from_secs(30)),
        keepalive_max: 6,
        nodelay: true,
        limits: russh::Limits::new(limits.bytes_per_key, limits.bytes_per_key, limits.time_per_key),
        ..Config::default()
    }
}

/// What is offered, best first; of each list the client's first choice that stands here wins (RFC 4253, 7.1).
fn preferred() -> Preferred {
    Preferred {
        kex: Cow::Borrowed(&[
            kex::MLKEM768X25519_SHA256,
            kex::CURVE25519,
            kex::CURVE25519_PRE_RFC_8731,
            kex::ECDH_SHA2_NISTP256,
            kex::ECDH_SHA2_NISTP384,
            kex::ECDH_SHA2_NISTP521,
            kex::DH_GEX_SHA256,
            kex::DH_G16_SHA512,
            kex::DH_G14_SHA256,
            kex::EXTENSION_SUPPORT_AS_SERVER,
            kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
        ]),
        // Also what clients may sign with: no SHA-1.
        key: Cow::Borrowed(&[
            Algorithm::Ed25519,
            Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
            Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
            Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
            Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
            Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
        ]),
        cipher: Cow::Borrowed(&[
            cipher::AES_256_GCM,
            cipher::CHACHA20_POLY1305,
            cipher::AES_256_CTR,
            cipher::AES_192_CTR,
            cipher::AES_128_CTR,
        ]),
        mac: Cow::Borrowed(&[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM, mac::HMAC_SHA512, mac::HMAC_SHA256]),
        compression: Cow::Borrowed(&[compression::NONE]),
        ..Preferred::DEFAULT
    }
}
