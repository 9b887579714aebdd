//! Plugins on the volume: folders under `plugins/available`, links to them under `plugins/enabled`
//! (contract: plugin-abi.md, sections 1.1 and 12).

use std::path::PathBuf;

use super::Layout;
use crate::model::{Fault, Outcome, PluginManifest};
use crate::platform::files;

/// A plugin whose folder is on the volume.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The name of its folder.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// True when it is called.
    pub is_enabled: bool,
}

impl Installed {
    /// What it says of itself; nothing when its `plugin.toml` is missing.
    ///
    /// # Errors
    /// When that file cannot be read or understood.
    pub fn manifest(&self) -> Outcome<PluginManifest> {
        let text = files::read_text(&self.folder.join("plugin.toml"))?;
        text.map_or_else(|| Ok(PluginManifest::default()), |text| PluginManifest::parse(&text))
    }
}

/// All plugins that are not native, by name. Folders with a leading dot are half made or half removed.
///
/// # Errors
/// When the folder cannot be read.
pub fn installed(layout: &Layout) -> Outcome<Vec<Installed>> {
    let names = files::folder_names(&layout.plugins_available())?;
    Ok(names
        .into_iter()
        .filter(|name| !name.starts_with('.') && !is_link_to_core(layout, name))
        .map(|name| Installed {
            folder: layout.plugins_available().join(&name),
            is_enabled: files::exists(&layout.plugins_enabled().join(&name)),
            name,
        })
        .collect())
}

/// The plugin of that name.
///
/// # Errors
/// When the folder of plugins cannot be read.
pub fn find(layout: &Layout, name: &str) -> Outcome<Option<Installed>> {
    Ok(installed(layout)?.into_iter().find(|one| one.name == name))
}

fn is_link_to_core(layout: &Layout, name: &str) -> bool {
    let real = files::resolved(&layout.plugins_available().join(name));
    real.is_some_and(|real| {
        files::resolved(&layout.core_plugins()).is_some_and(|core| real.starts_with(core))
    })
}

/// Calls the plugin from now on.
///
/// # Errors
/// When the link cannot be made.
pub fn enable(layout: &Layout, name: &str) -> Outcome {
    files::create_folders(&layout.plugins_enabled(), 0o755)?;
    files::symlink(&format!("../available/{name}"), &layout.plugins_enabled().join(name))
}

/// Calls the plugin no more.
///
/// # Errors
/// When the link cannot be removed.
pub fn disable(layout: &Layout, name: &str) -> Outcome {
    files::remove(&layout.plugins_enabled().join(name)).map(drop)
}

/// Removes the plugin's folder, out of the way first: a removal that is cut off leaves no half plugin.
///
/// # Errors
/// When a file cannot be removed.
pub fn remove(layout: &Layout, name: &str) -> Outcome {
    disable(layout, name)?;
    let away = layout.plugins_available().join(format!(".{name}.removed"));
    files::remove_folder(&away)?;
    files::rename(&layout.plugins_available().join(name), &away)?;
    files::remove_folder(&away)
}

/// The name as plugins may have it.
///
/// # Errors
/// When it holds other than letters, digits, hyphens and underscores.
pub fn checked(name: &str) -> Outcome<&str> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.chars().all(is_fine) {
        true => Ok(name),
        false => Err(Fault::new("Invalid plugin name specified")
            .hint("A plugin's name has letters, digits, hyphens and underscores")),
    }
}
