//! Releases of an app: what went live, whole, so that it can be put back without a build. A record each,
//! `data/releases/APP/N.json`, written once the switch is behind it. Values of variables are in it: mode 0600.

mod content;
mod differences;
mod record;
mod records;

pub use content::{Content, Settings, is_live, settings_now};
pub use differences::{differences, short};
pub use record::{Release, SCHEMA};
pub use records::{
    add, all, content_of, copy, current, fallback, forget, load, next_number, origin, remove, rewrite,
    take_back,
};

use super::{Layout, properties};
use crate::model::{AppName, Outcome, Scope, size};

/// The folder of the properties, which is the domain's name.
pub const PLUGIN: &str = "releases";

/// How many releases an app can return to, the current one among them, unless the property `retention` says otherwise.
pub const RETENTION: usize = 10;

/// How many bytes the images of an app's old releases may take beyond what the current one takes, unless the property
/// `retention-disk` says otherwise.
pub const RETENTION_DISK: &str = "2g";

/// The word for no limit.
pub const NO_LIMIT: &str = "none";

/// How many releases of an app are kept.
///
/// # Errors
/// When the properties cannot be read.
pub fn retention(layout: &Layout, app: &AppName) -> Outcome<usize> {
    let text = properties::computed(layout, PLUGIN, &Scope::from(app), "retention", "")?;
    Ok(text.parse().ok().filter(|number| *number >= 1).unwrap_or(RETENTION))
}

/// How many bytes the images of its old releases may take; none for no limit.
///
/// # Errors
/// When the properties cannot be read.
pub fn retention_disk(layout: &Layout, app: &AppName) -> Outcome<Option<i64>> {
    let text = properties::computed(layout, PLUGIN, &Scope::from(app), "retention-disk", RETENTION_DISK)?;
    Ok(if text == NO_LIMIT { None } else { size::parse_bytes(&text).or(size::parse_bytes(RETENTION_DISK)) })
}

/// The name that keeps the image of a release, `dokku/APP:release-N`.
pub fn image_name(app: &AppName, number: u64) -> String {
    format!("dokku/{app}:release-{number}")
}

/// The app and the number behind such a name.
pub fn of_image_name(name: &str) -> Option<(AppName, u64)> {
    let (app, number) = name.strip_prefix("dokku/")?.split_once(":release-")?;
    Some((app.parse().ok()?, number.parse().ok()?))
}

/// True for a name of an image that a release which can be returned to needs.
pub fn keeps(layout: &Layout, name: &str) -> bool {
    let Some((app, number)) = of_image_name(name) else { return false };
    // One that cannot be read may be one that counts.
    load(layout, &app, number).map_or(true, |found| found.is_some_and(|release| release.taken_back.is_none()))
}
