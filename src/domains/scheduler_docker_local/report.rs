//! The rows of scheduler-docker-local:report.

use crate::kernel::{Key, Report, Shown, Value};

const fn row(flag: &'static str, shown: Shown, value: Value) -> Key {
    Key { flag, shown, value }
}

/// The report.
pub const REPORT: Report = Report {
    kind: "scheduler-docker-local",
    prefix: "scheduler-docker-local",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        row("scheduler-docker-local-computed-init-process", Shown::Both, Value::Computed("init-process")),
        row(
            "scheduler-docker-local-computed-parallel-schedule-count",
            Shown::Both,
            Value::Computed("parallel-schedule-count"),
        ),
        row("scheduler-docker-local-global-init-process", Shown::Both, Value::Global("init-process")),
        row(
            "scheduler-docker-local-global-parallel-schedule-count",
            Shown::Both,
            Value::Global("parallel-schedule-count"),
        ),
        row("scheduler-docker-local-init-process", Shown::App, Value::Raw("init-process")),
        row(
            "scheduler-docker-local-parallel-schedule-count",
            Shown::App,
            Value::Raw("parallel-schedule-count"),
        ),
    ],
    extra: None,
};
