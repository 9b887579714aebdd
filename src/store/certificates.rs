//! Certificates of apps: `APP/tls/server.crt` and `server.key`.

use super::Layout;
use crate::model::{AppName, Outcome};
use crate::platform::files;

const CERTIFICATE: &str = "server.crt";
const KEY: &str = "server.key";
const MODE: u32 = 0o640;

/// A certificate and its key, as PEM.
pub struct Pair {
    /// With the chain behind it.
    pub certificate: Vec<u8>,
    /// Its key.
    pub key: Vec<u8>,
}

/// True when the app has a certificate and its key.
pub fn exists(layout: &Layout, app: &AppName) -> bool {
    let folder = layout.tls(app);
    files::exists(&folder.join(CERTIFICATE)) && files::exists(&folder.join(KEY))
}

/// True when the app has a folder for them, whatever is in it.
pub fn has_folder(layout: &Layout, app: &AppName) -> bool {
    files::is_folder(&layout.tls(app))
}

/// The certificate of an app; `None` without one, or without its key.
///
/// # Errors
/// When a file cannot be read.
pub fn read(layout: &Layout, app: &AppName) -> Outcome<Option<Pair>> {
    let folder = layout.tls(app);
    let (certificate, key) = (files::read(&folder.join(CERTIFICATE))?, files::read(&folder.join(KEY))?);
    Ok(certificate.zip(key).map(|(certificate, key)| Pair { certificate, key }))
}

/// Stores a certificate. What is there of another is removed first, so that a kill in between leaves no certificate
/// beside another's key.
///
/// # Errors
/// When a file cannot be written.
pub fn set(layout: &Layout, app: &AppName, pair: &Pair) -> Outcome {
    let folder = layout.tls(app);
    files::create_folders(&folder, 0o750)?;
    files::remove(&folder.join(CERTIFICATE))?;
    files::write(&folder.join(KEY), &pair.key, MODE)?;
    files::write(&folder.join(CERTIFICATE), &pair.certificate, MODE)
}

/// Removes the certificate of an app with all beside it.
///
/// # Errors
/// When something cannot be removed.
pub fn remove(layout: &Layout, app: &AppName) -> Outcome {
    files::remove_folder(&layout.tls(app))
}
