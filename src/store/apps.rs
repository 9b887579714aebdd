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

/// Folders where apps are that look like an app of an older release, whose name is none today.
///
/// # Errors
/// When the root folder cannot be read.
pub fn misnamed(layout: &Layout) -> Outcome<Vec<String>> {
    let mut names = files::folder_names(&layout.root)?;
    let is_of_an_app = |name: &String| {
        let folder = layout.root.join(name);
        ["HEAD", "ENV", "VHOST"].iter().any(|file| files::is_file(&folder.join(file)))
    };
    names.retain(|name| {
        let is_kept_apart = name.starts_with(|c: char| c == '.' || c.is_ascii_uppercase());
        !is_kept_apart && name.parse::<AppName>().is_err() && is_of_an_app(name)
    });
    Ok(names)
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
