//! The rows of scheduler:report.

use crate::kernel::{Key, Report, Shown, Value};

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
}

/// The report.
pub const REPORT: Report = Report {
    kind: "scheduler",
    prefix: "scheduler",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        row("scheduler-computed-selected", Shown::Both, Value::Computed("selected")),
        row("scheduler-computed-shell", Shown::Both, Value::Computed("shell")),
        row("scheduler-global-selected", Shown::Both, Value::Global("selected")),
        row("scheduler-global-shell", Shown::Both, Value::Global("shell")),
        row("scheduler-selected", Shown::App, Value::Raw("selected")),
        row("scheduler-shell", Shown::App, Value::Raw("shell")),
    ],
    extra: None,
};
