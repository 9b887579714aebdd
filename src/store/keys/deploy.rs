//! The key with which this server fetches from others: `.ssh/id_ed25519`, or `.ssh/id_rsa` of old.

use std::path::Path;

use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey};

use crate::model::{Context, Outcome};
use crate::platform::files;

/// The public half, as its file has it; `None` when there is no key. `root` is the folder above `.ssh`.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn deploy_key(root: &Path) -> Outcome<Option<String>> {
    for name in ["id_ed25519.pub", "id_rsa.pub"] {
        if let Some(text) = files::read_text(&root.join(".ssh").join(name))? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// Makes an ed25519 key and returns its public half. The private half is written first: a public one
/// whose private one is missing would look like a key and be none.
///
/// # Errors
/// When the files cannot be written.
pub fn make_deploy_key(root: &Path, comment: &str) -> Outcome<String> {
    let what = || "cannot make a deploy key";
    let mut key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).context(what)?;
    key.set_comment(comment);
    let private = key.to_openssh(LineEnding::LF).context(what)?;
    let public = key.public_key().to_openssh().context(what)?;
    let folder = root.join(".ssh");
    files::create_folders(&folder, 0o700)?;
    files::write(&folder.join("id_ed25519"), private.as_bytes(), 0o600)?;
    files::write(&folder.join("id_ed25519.pub"), format!("{public}\n").as_bytes(), 0o644)?;
    Ok(public)
}
