//! The rows of network:report.

use super::listeners;
use crate::kernel::{Ctx, Key, Report, Result, Shown, Value};
use crate::model::{ProcessType, Scope};

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
}

/// The report.
pub const REPORT: Report = Report {
    kind: "network",
    prefix: "network",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        row("network-attach-post-create", Shown::App, Value::Raw("attach-post-create")),
        row("network-attach-post-deploy", Shown::App, Value::Raw("attach-post-deploy")),
        row("network-bind-all-interfaces", Shown::App, Value::Raw("bind-all-interfaces")),
        row("network-computed-attach-post-create", Shown::Both, Value::Computed("attach-post-create")),
        row("network-computed-attach-post-deploy", Shown::Both, Value::Computed("attach-post-deploy")),
        row("network-computed-bind-all-interfaces", Shown::Both, Value::Computed("bind-all-interfaces")),
        row("network-computed-initial-network", Shown::Both, Value::Computed("initial-network")),
        row("network-computed-tld", Shown::Both, Value::Computed("tld")),
        row("network-global-attach-post-create", Shown::Both, Value::Global("attach-post-create")),
        row("network-global-attach-post-deploy", Shown::Both, Value::Global("attach-post-deploy")),
        row("network-global-bind-all-interfaces", Shown::Both, Value::Global("bind-all-interfaces")),
        row("network-global-initial-network", Shown::Both, Value::Global("initial-network")),
        row("network-global-tld", Shown::Both, Value::Global("tld")),
        row("network-initial-network", Shown::App, Value::Raw("initial-network")),
        row("network-static-web-listener", Shown::App, Value::Raw("static-web-listener")),
        row("network-tld", Shown::App, Value::Raw("tld")),
        row("network-web-listeners", Shown::App, Value::Fact(web_listeners)),
    ],
    extra: None,
};

fn web_listeners(ctx: &Ctx, scope: &Scope) -> Result<String> {
    match scope.app() {
        Some(app) => {
            // What was set is shown as it was set.
            let fixed = listeners::fixed(ctx, app)?;
            if !fixed.is_empty() {
                return Ok(fixed);
            }
            Ok(listeners::of_containers(ctx, app, &ProcessType::web())?.join(" "))
        }
        None => Ok(String::new()),
    }
}
