//! The rows of domains:report.

use super::defaults;
use crate::kernel::{Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;
use crate::store::vhosts;

/// The report.
pub const REPORT: Report = Report {
    kind: "domains",
    prefix: "domains",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key { flag: "domains-app-enabled", shown: Shown::App, value: Value::Fact(app_enabled) },
        Key { flag: "domains-app-vhosts", shown: Shown::App, value: Value::Fact(app_vhosts) },
        Key { flag: "domains-global-enabled", shown: Shown::Both, value: Value::Fact(global_enabled) },
        Key { flag: "domains-global-vhosts", shown: Shown::Both, value: Value::Fact(global_vhosts) },
    ],
    extra: None,
};

fn app_enabled(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let is_enabled = match scope.app() {
        Some(app) => vhosts::is_enabled(ctx.layout(), app)?,
        None => true,
    };
    Ok(is_enabled.to_string())
}

fn app_vhosts(ctx: &Ctx, scope: &Scope) -> Result<String> {
    Ok(vhosts::read(ctx.layout(), scope)?.join(" "))
}

fn global_enabled(ctx: &Ctx, _: &Scope) -> Result<String> {
    Ok((!defaults::global(ctx)?.is_empty()).to_string())
}

fn global_vhosts(ctx: &Ctx, _: &Scope) -> Result<String> {
    Ok(defaults::global(ctx)?.join(" "))
}
