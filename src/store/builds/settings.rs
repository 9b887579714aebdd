//! The properties of builds as values: the app's own, else the global one, else the default. What cannot be
//! understood, because somebody wrote the file by hand, counts as not set.

use crate::model::{AppName, Outcome, Scope, size};
use crate::platform::process;
use crate::store::{Layout, properties};

/// The plugin whose properties these are.
const PLUGIN: &str = "builds";

/// How many builds of all apps run at once, unless set.
pub const PARALLEL: &str = "max-parallel";
/// Whether free disk space is looked at before a build.
pub const DISK_GUARD: &str = "disk-guard";
/// How much of the disk a build has to leave free.
pub const MIN_FREE_DISK: &str = "min-free-disk";
/// What [`MIN_FREE_DISK`] is unless set.
pub const MIN_FREE: &str = "256m";
/// How many processors a build may use.
pub const CPU_LIMIT: &str = "cpu-limit";
/// How much memory a build may use.
pub const MEMORY_LIMIT: &str = "memory-limit";
/// When `dokku serve` cleans up.
pub const CLEANUP_SCHEDULE: &str = "cleanup-schedule";
/// What [`CLEANUP_SCHEDULE`] is unless set: as Dokku's own timer.
pub const CLEANUP_AT: &str = "5 4 * * *";
/// The word that turns a limit or the schedule off.
pub const NONE: &str = "none";

/// How many builds run at once: what is set, else as many as there are processors.
///
/// # Errors
/// When the property cannot be read.
pub fn parallel(layout: &Layout) -> Outcome<usize> {
    let set = properties::get(layout, PLUGIN, &Scope::Global, PARALLEL)?.unwrap_or_default();
    Ok(set.parse().ok().filter(|number| *number >= 1).unwrap_or_else(process::processors).max(1))
}

/// Whether the disk is guarded for this app.
///
/// # Errors
/// When the property cannot be read.
pub fn is_guarded(layout: &Layout, app: &AppName) -> Outcome<bool> {
    Ok(properties::computed(layout, PLUGIN, &app.into(), DISK_GUARD, "true")? != "false")
}

/// How many bytes a build of this app has to leave free.
///
/// # Errors
/// When the property cannot be read.
pub fn min_free(layout: &Layout, app: &AppName) -> Outcome<u64> {
    let text = properties::computed(layout, PLUGIN, &app.into(), MIN_FREE_DISK, MIN_FREE)?;
    let bytes = size::parse_bytes(&text).or_else(|| size::parse_bytes(MIN_FREE)).unwrap_or_default();
    Ok(u64::try_from(bytes).unwrap_or_default())
}

/// What limits a build of this app: the value of [`CPU_LIMIT`] or [`MEMORY_LIMIT`], empty where nothing was set.
///
/// # Errors
/// When the property cannot be read.
pub fn limit(layout: &Layout, app: &AppName, key: &str) -> Outcome<String> {
    properties::computed(layout, PLUGIN, &app.into(), key, "")
}

/// When `dokku serve` cleans up, in the words of a crontab; none when it does not.
///
/// # Errors
/// When the property cannot be read.
pub fn cleanup_schedule(layout: &Layout) -> Outcome<Option<String>> {
    let text = properties::computed(layout, PLUGIN, &Scope::Global, CLEANUP_SCHEDULE, CLEANUP_AT)?;
    Ok(Some(text).filter(|text| text != NONE))
}
