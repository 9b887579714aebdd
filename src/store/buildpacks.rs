//! The buildpacks of an app, and what its code says about them (contract: formats.md sections 1, 2 and 7).

use super::{Extracted, Layout, properties, variables};
use crate::model::buildpack::{self, BuildpackUrl};
use crate::model::{AppJson, AppName, Outcome, Scope};
use crate::platform::source::Source;

/// The folder of the properties.
pub const PLUGIN: &str = "buildpacks";

/// The property that holds the list.
const LIST: &str = "buildpacks";

/// The file in the code that names buildpacks, one a line.
pub const FILE: &str = ".buildpacks";

/// The buildpacks set by command, in their order.
///
/// # Errors
/// When the list cannot be read.
pub fn list(layout: &Layout, app: &AppName) -> Outcome<Vec<String>> {
    properties::list(layout, PLUGIN, &app.into(), LIST)
}

/// Changes the list under its lock; what `change` refuses is not written. An empty list is none.
///
/// # Errors
/// `change`'s, or when the list cannot be read or written.
pub fn change<E: From<crate::model::Fault>>(
    layout: &Layout,
    app: &AppName,
    change: impl FnOnce(&mut Vec<String>) -> Result<(), E>,
) -> Result<(), E> {
    let scope = Scope::from(app);
    let _lock = properties::locked(layout, PLUGIN, &scope)?;
    let mut items = properties::list(layout, PLUGIN, &scope, LIST)?;
    change(&mut items)?;
    if items.is_empty() {
        properties::unset(layout, PLUGIN, &scope, LIST)?;
    } else {
        properties::set_list(layout, PLUGIN, &scope, LIST, &items)?;
    }
    Ok(())
}

/// The text of `.buildpacks` as a build sees it: the list set by command, else that of app.json, else the file of
/// the code with short forms written out. `pid` is DOKKU_PID.
///
/// # Errors
/// When a file cannot be read, or a line is no buildpack.
pub fn file(layout: &Layout, app: &AppName, pid: &str, code: &dyn Source) -> Outcome<Option<String>> {
    let mut urls = list(layout, app)?;
    let is_from_image =
        properties::get(layout, "git", &app.into(), "source-image")?.is_some_and(|image| !image.is_empty());
    if urls.is_empty() && !is_from_image {
        let app_json = Extracted::AppJson.read(layout, app, pid)?;
        let app_json = app_json.as_deref().map(AppJson::parse).transpose()?.unwrap_or_default();
        urls = app_json.buildpacks.into_iter().map(|buildpack| buildpack.url).collect();
    }
    if urls.is_empty() {
        let own = code.read(FILE)?;
        return own.map(|bytes| buildpack::expand_file(&String::from_utf8_lossy(&bytes))).transpose();
    }
    let mut text = String::new();
    for url in urls {
        text.push_str(&url.parse::<BuildpackUrl>()?.to_string());
        text.push('\n');
    }
    Ok(Some(text))
}

/// True when code or settings name a buildpack, so that a build with buildpacks is meant whatever else is there.
///
/// # Errors
/// As [`file`].
pub fn are_named(layout: &Layout, app: &AppName, pid: &str, code: &dyn Source) -> Outcome<bool> {
    if file(layout, app, pid, code)?.is_some() {
        return Ok(true);
    }
    let has_name = |text: Vec<u8>| String::from_utf8_lossy(&text).contains("BUILDPACK_URL");
    if code.read(".env")?.is_some_and(has_name) {
        return Ok(true);
    }
    Ok(variables::own(layout, &app.into())?.get("BUILDPACK_URL").is_some_and(|url| !url.is_empty()))
}
