//! The report, and which stack holds.

use crate::kernel::{Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;
use crate::store::{buildpacks, properties, variables};

/// The rows.
pub const REPORT: Report = Report {
    kind: "buildpacks",
    prefix: "buildpacks",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key::fact("buildpacks-computed-stack", computed),
        Key { flag: "buildpacks-global-stack", shown: Shown::Both, value: Value::Global("stack") },
        Key::fact("buildpacks-list", list),
        Key::own("buildpacks-stack", "stack"),
    ],
    extra: None,
};

/// The stack that is set for an app: by property, or by the variable of old.
///
/// # Errors
/// When the store cannot be read.
pub fn stack(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let stack = properties::computed(ctx.layout(), buildpacks::PLUGIN, scope, "stack", "")?;
    if !stack.is_empty() {
        return Ok(stack);
    }
    let image = variables::own(ctx.layout(), scope)?.remove("DOKKU_IMAGE").unwrap_or_default();
    if !image.is_empty() {
        ctx.out.warn(
            "Deprecated: use buildpacks:set-property instead of specifying DOKKU_IMAGE environment variable",
        );
    }
    Ok(image)
}

fn computed(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let stack = stack(ctx, scope)?;
    if !stack.is_empty() {
        return Ok(stack);
    }
    Ok(ctx.env.get("DOKKU_IMAGE").unwrap_or_default().to_owned())
}

fn list(ctx: &Ctx, scope: &Scope) -> Result<String> {
    match scope.app() {
        Some(app) => Ok(buildpacks::list(ctx.layout(), app)?.join(",")),
        None => Ok(String::new()),
    }
}
