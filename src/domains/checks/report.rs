//! The rows of checks:report.

use super::lists::List;
use crate::kernel::{Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
}

/// The report.
pub const REPORT: Report = Report {
    kind: "checks",
    prefix: "checks",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        row("checks-computed-wait-to-retire", Shown::Both, Value::Computed("wait-to-retire")),
        row("checks-disabled-list", Shown::App, Value::Fact(disabled)),
        row("checks-global-wait-to-retire", Shown::Both, Value::Global("wait-to-retire")),
        row("checks-skipped-list", Shown::App, Value::Fact(skipped)),
        row("checks-wait-to-retire", Shown::App, Value::Raw("wait-to-retire")),
    ],
    extra: None,
};

fn disabled(ctx: &Ctx, scope: &Scope) -> Result<String> {
    text(ctx, scope, List::Disabled)
}

fn skipped(ctx: &Ctx, scope: &Scope) -> Result<String> {
    text(ctx, scope, List::Skipped)
}

fn text(ctx: &Ctx, scope: &Scope, list: List) -> Result<String> {
    let text = scope.app().map(|app| list.text(ctx, app)).transpose()?.unwrap_or_default();
    Ok(if text.is_empty() { "none".to_owned() } else { text })
}
