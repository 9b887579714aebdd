//! The rows of cron:report.

use crate::kernel::{BoxFuture, Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;
use crate::store::properties;

use super::DOMAIN;
use super::tasks::{self, TASK_MAINTENANCE};

/// The report.
pub const REPORT: Report = Report {
    kind: "cron",
    prefix: "cron",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key::own("cron-catch-up", "catch-up"),
        Key::computed("cron-computed-catch-up", "catch-up"),
        Key::computed("cron-computed-mailfrom", "mailfrom"),
        Key::computed("cron-computed-mailto", "mailto"),
        Key { flag: "cron-computed-maintenance", shown: Shown::Both, value: Value::Fact(maintenance) },
        Key::computed("cron-computed-timezone", "timezone"),
        Key::global("cron-global-catch-up", "catch-up"),
        Key::global("cron-global-mailfrom", "mailfrom"),
        Key::global("cron-global-mailto", "mailto"),
        Key::global("cron-global-maintenance", "maintenance"),
        Key::global("cron-global-timezone", "timezone"),
        Key::own("cron-maintenance", "maintenance"),
        Key::fact("cron-task-count", count),
        Key::own("cron-timezone", "timezone"),
    ],
    extra: Some(suspended),
};

/// Either setting suffices: an app's own `false` does not free it from that of all apps.
fn maintenance(ctx: &Ctx, scope: &Scope) -> Result<String> {
    Ok(tasks::is_in_maintenance(ctx, scope)?.to_string())
}

/// An app.json that cannot be read has no tasks that could run.
fn count(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let count =
        scope.app().and_then(|app| tasks::of_app(&ctx.silenced(), app).ok()).map_or(0, |tasks| tasks.len());
    Ok(count.to_string())
}

type Rows = Vec<(String, String)>;

fn suspended(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move { scopes.iter().map(|scope| suspended_in(&ctx, scope)).collect() })
}

fn suspended_in(ctx: &Ctx, scope: &Scope) -> Result<Rows> {
    let mut rows = Vec::new();
    if *scope == Scope::Global {
        return Ok(rows);
    }
    for key in properties::keys(ctx.layout(), DOMAIN.plugin, scope)? {
        if let Some(id) = key.strip_prefix(TASK_MAINTENANCE) {
            let value = properties::get(ctx.layout(), DOMAIN.plugin, scope, &key)?.unwrap_or_default();
            rows.push((format!("cron-maintenance-{id}"), value));
        }
    }
    Ok(rows)
}
