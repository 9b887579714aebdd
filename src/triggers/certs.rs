//! Certificates of apps.

use crate::kernel::trigger;
use crate::model::AppName;

trigger! {
    /// Whether the app has a certificate and its key.
    CertsExists = "certs-exists" { app: AppName } -> bool

    /// `true` from a proxy that gets certificates by itself.
    CertsForce = "certs-force" { app: AppName } -> String

    /// The certificate (`crt`) or its key (`key`); a failure says that there is none.
    CertsGet = "certs-get" { app: AppName, key_type: String } -> String

    /// Takes over a certificate and its key from these files.
    CertsSet = "certs-set" { app: AppName, crt_file: String, key_file: String } -> ()

    /// Removes the certificate of an app.
    CertsRemove = "certs-remove" { app: AppName } -> ()

    /// The certificate of an app was removed.
    PostCertsRemove = "post-certs-remove" { app: AppName } -> ()

    /// The certificate of an app is new.
    PostCertsUpdate = "post-certs-update" { app: AppName } -> ()
}
