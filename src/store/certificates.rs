//! Certificates of apps: `APP/tls/server.crt` and `server.key`.

use super::Layout;
use crate::model::AppName;
use crate::platform::files;

/// True when the app has a certificate and its key.
pub fn exists(layout: &Layout, app: &AppName) -> bool {
    let folder = layout.tls(app);
    files::exists(&folder.join("server.crt")) && files::exists(&folder.join("server.key"))
}
