//! Certificates of apps: `APP/tls/server.crt` and `server.key`.

use super::Layout;
use crate::model::{AppName, Outcome};
use crate::platform::files;
use crate::platform::lock::Lock;

const CERTIFICATE: &str = "server.crt";
const KEY: &str = "server.key";
const REQUEST: &str = "server.csr";
const MODE: u32 = 0o640;

/// Where the next folder is made ready, in the app's own folder: that the two are on one file system is certain.
const NEXT: &str = ".tls-next";

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

/// True when the app has one of the two.
pub fn has_either(layout: &Layout, app: &AppName) -> bool {
    let folder = layout.tls(app);
    files::exists(&folder.join(CERTIFICATE)) || files::exists(&folder.join(KEY))
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

/// Stores a certificate. Both files change in one step, so that whoever reads sees no certificate beside another's key;
/// what plugins keep beside them stays. The request it was made of, if any, is kept for people.
///
/// # Errors
/// When a file cannot be written.
pub fn set(layout: &Layout, app: &AppName, pair: &Pair, request: Option<&[u8]>) -> Outcome {
    let folder = layout.tls(app);
    let _lock = Lock::take(&layout.app(app).join(".tls-lock"))?;
    let next = layout.app(app).join(NEXT);
    files::remove_folder(&next)?;
    files::create_folders(&next, 0o750)?;
    for name in files::names(&folder)? {
        files::copy_all(&folder.join(&name), &next.join(&name))?;
    }
    for (name, bytes) in
        [(KEY, Some(&pair.key[..])), (CERTIFICATE, Some(&pair.certificate)), (REQUEST, request)]
    {
        if let Some(bytes) = bytes {
            files::write(&next.join(name), bytes, MODE)?;
        }
    }
    files::replace_folder(&folder, &next)
}

/// Removes the certificate of an app with all beside it.
///
/// # Errors
/// When something cannot be removed.
pub fn remove(layout: &Layout, app: &AppName) -> Outcome {
    files::remove_folder(&layout.tls(app))
}
