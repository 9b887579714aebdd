//! Plugins found on disk, turned into the same values as native domains.

use crate::kernel::Plugin;
use crate::model::Outcome;
use crate::platform::files;
use crate::store::Layout;

/// Each enabled plugin that is not a core one. Core ones are native here: their
/// folders, links below the core plugins' folder, only hold the files that others source.
///
/// # Errors
/// When the folder of enabled plugins cannot be read.
pub fn plugins(layout: &Layout) -> Outcome<Vec<Plugin>> {
    let enabled = layout.plugins_enabled();
    let core = layout.core_plugins();
    let names = files::folder_names(&enabled)?;
    Ok(names
        .into_iter()
        .map(|name| Plugin { folder: enabled.join(&name), name })
        .filter(|plugin| !files::resolved(&plugin.folder).is_some_and(|real| real.starts_with(&core)))
        .collect())
}
