//! Where logins at registries are kept: user dokku's, as the docker client has them, and each app's own
//! (contract: layout.md).

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Layout;
use crate::model::build_plan::RegistryLogin;
use crate::model::{AppName, Outcome};
use crate::platform::docker::read_logins;

/// The file of the logins that all apps share.
pub fn shared_file(layout: &Layout) -> PathBuf {
    layout.root.join(".docker/config.json")
}

/// The file of an app's own.
pub fn file_of(layout: &Layout, app: &AppName) -> PathBuf {
    layout.config().join("registry").join(app.as_str()).join("config.json")
}

/// What an app may use, by registry host: its own logins, and those that all share where it has none.
///
/// # Errors
/// When a file cannot be read, or is no JSON.
pub fn of_app(layout: &Layout, app: &AppName) -> Outcome<BTreeMap<String, RegistryLogin>> {
    let mut logins = read_logins(&shared_file(layout))?;
    logins.extend(read_logins(&file_of(layout, app))?);
    Ok(logins)
}
