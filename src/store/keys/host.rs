//! Host keys: made once, kept in the volume under the names that OpenSSH gives them, so that the
//! official image's keys are adopted and a volume can go back to it.

use std::path::Path;

use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::RsaKeypair;
use russh::keys::{Algorithm, EcdsaCurve, PrivateKey};

use crate::model::{Context, Fault, Outcome};
use crate::platform::files;

/// What ssh-keygen makes by default.
const RSA_BITS: usize = 3072;

/// The host keys in `folder`, best first; those of types ed25519 and ecdsa are made when they are not
/// there. RSA is only read: making one takes seconds (see [`make_rsa_host_key`]).
///
/// # Errors
/// When a key cannot be read or written. A key that is there is never replaced.
pub fn load_host_keys(folder: &Path) -> Outcome<Vec<PrivateKey>> {
    let mut keys = vec![
        load_or_make(&folder.join("ssh_host_ed25519_key"), Algorithm::Ed25519)?,
        load_or_make(&folder.join("ssh_host_ecdsa_key"), Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 })?,
    ];
    keys.extend(load(&folder.join("ssh_host_rsa_key"))?);
    Ok(keys)
}

/// Makes the RSA host key (seconds of one processor). Clients that know ed25519 or ecdsa do not miss it.
///
/// # Errors
/// When it cannot be written.
pub fn make_rsa_host_key(folder: &Path) -> Outcome<PrivateKey> {
    load_or_make(&folder.join("ssh_host_rsa_key"), Algorithm::Rsa { hash: None })
}

fn load_or_make(path: &Path, algorithm: Algorithm) -> Outcome<PrivateKey> {
    match load(path)? {
        Some(key) => Ok(key),
        None => make(path, algorithm),
    }
}

fn load(path: &Path) -> Outcome<Option<PrivateKey>> {
    let Some(text) = files::read_text(path)? else { return Ok(None) };
    // Older ssh-keygen wrote PEM, which the decoder below reads as well.
    let key = russh::keys::decode_secret_key(&text, None)
        .context(|| format!("cannot read the host key {}", path.display()))
        .map_err(|fault: Fault| {
            fault.hint("Remove the file to have a new key made; clients will then warn")
        })?;
    Ok(Some(key))
}

fn make(path: &Path, algorithm: Algorithm) -> Outcome<PrivateKey> {
    let what = || format!("cannot make the host key {}", path.display());
    let key = if matches!(algorithm, Algorithm::Rsa { .. }) {
        RsaKeypair::random(&mut safe_rng(), RSA_BITS).map(PrivateKey::from)
    } else {
        PrivateKey::random(&mut safe_rng(), algorithm)
    }
    .context(what)?;
    let text = key.to_openssh(LineEnding::LF).context(what)?;
    let public = key.public_key().to_openssh().context(what)?;
    files::write_as_root(&path.with_extension("pub"), format!("{public}\n").as_bytes(), 0o644)?;
    files::write_as_root(path, text.as_bytes(), 0o600)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let first = load_host_keys(folder.path()).unwrap();
        let second = load_host_keys(folder.path()).unwrap();
        assert_eq!(first.len(), 2);
        for (one, other) in first.iter().zip(&second) {
            assert_eq!(one.public_key(), other.public_key());
        }
    }

    #[test]
    fn a_broken_key_is_an_error_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ssh_host_ed25519_key");
        files::write(&path, b"nonsense", 0o600).unwrap();
        assert!(load_host_keys(folder.path()).unwrap_err().to_string().contains("ssh_host_ed25519_key"));
        assert_eq!(files::read(&path).unwrap().unwrap(), b"nonsense");
    }
}
