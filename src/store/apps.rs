//! Which apps there are.

use super::{Layout, properties};
use crate::model::{AppName, Outcome};
use crate::platform::files;

/// All apps, sorted by bytes. An entry of the root folder is an app when it is a folder (or a symlink to
/// one) whose name begins with neither a dot nor an upper-case letter (contract: layout.md section 2).
///
/// # Errors
/// When the root folder cannot be read.
pub fn all(layout: &Layout) -> Outcome<Vec<AppName>> {
    let names = files::folder_names(&layout.root)?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// True when the app is there.
pub fn exists(layout: &Layout, app: &AppName) -> bool {
    files::is_folder(&layout.app(app))
}

/// True when the app has containers by its own files: `CONTAINER` or `CONTAINER.TYPE.N`.
///
/// # Errors
/// When its folder cannot be read.
pub fn has_containers(layout: &Layout, app: &AppName) -> Outcome<bool> {
    let names = files::names(&layout.app(app))?;
    Ok(names.iter().any(|name| name == "CONTAINER" || name.starts_with("CONTAINER.")))
}

/// True when a deploy of the app has succeeded once. Its containers are proof too: an older volume does not say it
/// in words.
///
/// # Errors
/// When its folder cannot be read.
pub fn was_deployed(layout: &Layout, app: &AppName) -> Outcome<bool> {
    let said = properties::get(layout, "common", &app.into(), "deployed")?;
    Ok(said.as_deref() == Some("true") || has_containers(layout, app)?)
}
