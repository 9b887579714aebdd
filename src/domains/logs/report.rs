//! The rows of logs:report.

use crate::kernel::{Key, Report, Shown, Value};
use crate::model::vector;

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
}

/// A sink often has a password in it.
const fn hidden(whole: &'static Value, is_told: bool) -> Value {
    Value::Hidden { whole, hide: vector::hidden, is_told }
}

/// The report.
pub const REPORT: Report = Report {
    kind: "logs",
    prefix: "logs",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        row("logs-app-label-alias", Shown::App, Value::Raw("app-label-alias")),
        row("logs-computed-app-label-alias", Shown::Both, Value::Computed("app-label-alias")),
        row("logs-computed-max-size", Shown::Both, Value::Computed("max-size")),
        row(
            "logs-computed-vector-cron-sink",
            Shown::Both,
            hidden(&Value::Computed("vector-cron-sink"), false),
        ),
        row("logs-computed-vector-image", Shown::Both, Value::Computed("vector-image")),
        row("logs-computed-vector-networks", Shown::Both, Value::Computed("vector-networks")),
        row("logs-computed-vector-sink", Shown::Both, hidden(&Value::Computed("vector-sink"), false)),
        row("logs-global-app-label-alias", Shown::Both, Value::Global("app-label-alias")),
        row("logs-global-max-size", Shown::Both, Value::Global("max-size")),
        row("logs-global-vector-cron-sink", Shown::Both, hidden(&Value::Global("vector-cron-sink"), true)),
        row("logs-global-vector-image", Shown::Both, Value::Global("vector-image")),
        row("logs-global-vector-networks", Shown::Both, Value::Global("vector-networks")),
        row("logs-global-vector-sink", Shown::Both, hidden(&Value::Global("vector-sink"), true)),
        row("logs-max-size", Shown::App, Value::Raw("max-size")),
        row("logs-vector-cron-sink", Shown::App, hidden(&Value::Raw("vector-cron-sink"), true)),
        row("logs-vector-sink", Shown::App, hidden(&Value::Raw("vector-sink"), true)),
    ],
    extra: None,
};
