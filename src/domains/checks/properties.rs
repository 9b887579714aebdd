//! The settings of checks.

use crate::kernel::{Holds, Properties, Property, Style};
use crate::model::{Fault, Outcome};

const fn row(key: &'static str, default: &'static str, about: &'static str) -> Property {
    Property { key, holds: Holds::Both, default, check: seconds, about }
}

/// The settings. Those besides wait-to-retire are ours (docs/differences.md, "Live at once").
pub const PROPERTIES: Properties = Properties {
    plugin: "checks",
    style: Style::Shell,
    list: &[
        row(
            "listen-timeout",
            "60",
            "Seconds that a web process without declared checks may take until it listens on its port",
        ),
        row(
            "wait-to-retire",
            "60",
            "Seconds that old containers stay after a deploy before they are stopped",
        ),
        row("watch", "3", "Seconds that a deploy stays with its new containers after the switch"),
    ],
    after_set: None,
};

fn seconds(value: &str) -> Outcome {
    match value.parse::<u32>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new(format!("{value} is not a number of seconds"))),
    }
}
