//! The repositories of apps.

use super::{Layout, apps};
use crate::model::AppName;
use crate::platform::git::Repository;

/// True when so many packs have piled up in the app's repository that merging them pays. One that cannot be read is
/// for its next push to complain about.
pub fn is_crowded(layout: &Layout, app: &AppName) -> bool {
    let folder = layout.app(app);
    Repository::exists(&folder)
        && Repository::open(&folder).and_then(|found| found.is_consolidation_due()).unwrap_or(false)
}

/// True when the repository of any app is.
pub fn is_any_crowded(layout: &Layout) -> bool {
    apps::all(layout).is_ok_and(|apps| apps.iter().any(|app| is_crowded(layout, app)))
}
