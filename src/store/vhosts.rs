//! Domains: VHOST files, one domain a line, of an app or global (contract: layout.md section 2).

use super::{Layout, properties, variables};
use crate::model::{AppName, Outcome, Scope};
use crate::platform::{files, lock};

/// The domains; none when the file is not there. Whatever stands in a line, other tools write it too.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn read(layout: &Layout, scope: &Scope) -> Outcome<Vec<String>> {
    let text = files::read_text(&layout.vhost(scope))?.unwrap_or_default();
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// The same, telling no file from an empty one.
///
/// # Errors
/// As [`read`].
pub fn known(layout: &Layout, scope: &Scope) -> Outcome<Option<Vec<String>>> {
    exists(layout, scope).then(|| read(layout, scope)).transpose()
}

/// Writes the domains; none leaves an empty file, which is not the same as no file.
///
/// # Errors
/// When the file cannot be written.
pub fn write(layout: &Layout, scope: &Scope, domains: &[String]) -> Outcome {
    let text: String = domains.iter().map(|domain| format!("{domain}\n")).collect();
    files::write(&layout.vhost(scope), text.as_bytes(), 0o644)
}

/// Removes the file. Tells whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(layout: &Layout, scope: &Scope) -> Outcome<bool> {
    files::remove(&layout.vhost(scope))
}

/// True when the file is there, even empty.
pub fn exists(layout: &Layout, scope: &Scope) -> bool {
    files::exists(&layout.vhost(scope))
}

/// Holds the lock of these domains: for each read that a write depends on.
///
/// # Errors
/// When the lock file cannot be made.
pub fn locked(layout: &Layout, scope: &Scope) -> Outcome<lock::Lock> {
    properties::locked(layout, "domains", scope)
}

/// The variable that turns domains off for an app when it is `1`.
const SWITCH: &str = "NO_VHOST";

/// True unless domains are turned off for the app.
///
/// # Errors
/// When its variables cannot be read.
pub fn is_enabled(layout: &Layout, app: &AppName) -> Outcome<bool> {
    let variables = variables::own(layout, &Scope::from(app))?;
    Ok(variables.get(SWITCH).is_none_or(|value| value != "1"))
}

/// Turns domains on or off for the app. The app does not need to know, so it is not restarted.
///
/// # Errors
/// When its variables cannot be written.
pub fn set_enabled(layout: &Layout, app: &AppName, is_enabled: bool) -> Outcome {
    let value = if is_enabled { "0" } else { "1" };
    variables::change(layout, &Scope::from(app), |variables| {
        variables.insert(SWITCH.to_owned(), value.to_owned());
    })
}
