//! The file that vector reads: written anew from what is set, whenever that changes.

use std::path::PathBuf;

use crate::kernel::{BoxFuture, Ctx, Result};
use crate::model::vector::{Shipping, config};
use crate::model::{AppName, Scope};
use crate::platform::files;
use crate::store::{apps, properties};

use super::DOMAIN;
use super::properties::PROPERTIES;

/// What the container is called among those beside the apps.
pub const COMPANION: &str = "vector";

/// Where the file stands.
pub fn path(ctx: &Ctx) -> PathBuf {
    ctx.layout().data(DOMAIN.plugin).join("vector.json")
}

/// Writes the file after a setting that it shows has changed.
pub fn after_set(ctx: Ctx, _: Scope, key: &'static str, _: String) -> BoxFuture<Result> {
    Box::pin(async move {
        if !matches!(key, "app-label-alias" | "vector-cron-sink" | "vector-sink") {
            return Ok(());
        }
        ctx.out.unless_quiet().detail(format!("Writing updated vector config to {}", path(&ctx).display()));
        write(&ctx)
    })
}

/// Writes the file. It holds secrets of sinks.
///
/// # Errors
/// When a sink that is set cannot be read, or the file cannot be written.
pub fn write(ctx: &Ctx) -> Result {
    // Who reads first must not write last: the file would miss what the other has set.
    let _lock = properties::locked(ctx.layout(), DOMAIN.plugin, &Scope::Global)?;
    // Of all apps, also those that the caller may not see.
    let mut scopes = Vec::new();
    for app in apps::all(ctx.layout())? {
        scopes.push(shipping(ctx, Some(app))?);
    }
    scopes.push(shipping(ctx, None)?);
    files::create_folders(&ctx.layout().data(DOMAIN.plugin), 0o755)?;
    Ok(files::write(&path(ctx), config(&scopes)?.as_bytes(), 0o600)?)
}

/// Writes the file after an app came, went or got another name. That must not fail for the sake of a log.
pub fn follow(ctx: &Ctx) {
    if let Err(failure) = write(ctx) {
        ctx.out.warn(format!("Unable to write updated vector config: {failure}"));
    }
}

fn shipping(ctx: &Ctx, app: Option<AppName>) -> Result<Shipping> {
    let scope = app.clone().map_or(Scope::Global, Scope::App);
    let own = |key| properties::get(ctx.layout(), DOMAIN.plugin, &scope, key);
    Ok(Shipping {
        alias: PROPERTIES.computed(ctx, &scope, "app-label-alias")?,
        sink: own("vector-sink")?.unwrap_or_default(),
        cron_sink: own("vector-cron-sink")?.unwrap_or_default(),
        app: app.map(|app| app.to_string()),
    })
}
