//! The rows of logs:report.

use crate::kernel::{Key, Report, Shown, Value};

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
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
        row("logs-computed-vector-cron-sink", Shown::Both, Value::Computed("vector-cron-sink")),
        row("logs-computed-vector-image", Shown::Both, Value::Computed("vector-image")),
        row("logs-computed-vector-networks", Shown::Both, Value::Computed("vector-networks")),
        row("logs-computed-vector-sink", Shown::Both, Value::Computed("vector-sink")),
        row("logs-global-app-label-alias", Shown::Both, Value::Global("app-label-alias")),
        row("logs-global-max-size", Shown::Both, Value::Global("max-size")),
        row("logs-global-vector-cron-sink", Shown::Both, Value::Global("vector-cron-sink")),
        row("logs-global-vector-image", Shown::Both, Value::Global("vector-image")),
        row("logs-global-vector-networks", Shown::Both, Value::Global("vector-networks")),
        row("logs-global-vector-sink", Shown::Both, Value::Global("vector-sink")),
        row("logs-max-size", Shown::App, Value::Raw("max-size")),
        row("logs-vector-cron-sink", Shown::App, Value::Raw("vector-cron-sink")),
        row("logs-vector-sink", Shown::App, Value::Raw("vector-sink")),
    ],
    extra: None,
};
