//! Where they are kept: `config/PROXY/APP/labels`, `KEY=value` lines (contract: layout.md section 5).

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

const KEY: &str = "labels";

/// The labels of an app, sorted.
///
/// # Errors
/// When they cannot be read.
pub fn read(ctx: &Ctx, proxy: &str, app: &AppName) -> Result<Vec<(String, String)>> {
    let lines = properties::list(ctx.layout(), proxy, &Scope::from(app), KEY)?;
    let label = |line: &String| {
        let (key, value) = line.split_once('=')?;
        Some((key.to_owned(), value.to_owned()))
    };
    Ok(lines.iter().filter(|line| !line.starts_with('#')).filter_map(label).collect())
}

/// Sets a label of an app, or forgets it.
///
/// # Errors
/// When they cannot be read or written.
pub(super) fn change(ctx: &Ctx, proxy: &str, app: &AppName, key: &str, value: Option<&str>) -> Result {
    let scope = Scope::from(app);
    // Who reads first must not write last.
    let _lock = properties::locked(ctx.layout(), proxy, &scope)?;
    let mut labels = read(ctx, proxy, app)?;
    labels.retain(|(found, _)| found != key);
    labels.extend(value.map(|value| (key.to_owned(), value.to_owned())));
    labels.sort();
    let lines: Vec<String> = labels.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    Ok(properties::set_list(ctx.layout(), proxy, &scope, KEY, &lines)?)
}

/// The app and the label that a command was given.
///
/// # Errors
/// When one is missing, or cannot be what it shall be.
pub(super) fn app_and_label(ctx: &Ctx, app: &str, label: &str) -> Result<AppName> {
    if label.is_empty() {
        return Err(Failure::user("Please specify a container label for the app"));
    }
    if label.starts_with('#') || label.chars().any(|c| c == '=' || c.is_whitespace() || c.is_control()) {
        return Err(Failure::user(format!("{label} cannot be the name of a label"))
            .hint("Name and value are two words: caddy.tls internal"));
    }
    existing(ctx, app)
}

/// The app of this name.
///
/// # Errors
/// When it is not there.
pub(super) fn existing(ctx: &Ctx, app: &str) -> Result<AppName> {
    if app.is_empty() {
        return Err(Failure::user("Please specify an app to run the command on"));
    }
    let app = app.parse()?;
    ctx.require_app(&app)?;
    Ok(app)
}
