//! The settings of checks.

use crate::kernel::{Holds, Properties, Property, Style, switch};
use crate::model::{Fault, Outcome};

const fn row(key: &'static str, default: &'static str, about: &'static str) -> Property {
    Property { key, holds: Holds::Both, default, check: seconds, about }
}

/// The settings. Those besides wait-to-retire are ours, or ones that Dokku reads and does not let anybody set.
pub const PROPERTIES: Properties = Properties {
    plugin: "checks",
    style: Style::Shell,
    list: &[
        row("attempts", "3", "How often a check is tried that does not say").checked(attempts),
        row(
            "default-wait",
            "10",
            "Seconds that containers without a port and without declared checks must run",
        ),
        row(
            "listen-timeout",
            "60",
            "Seconds that a web process without declared checks may take until it listens on its port",
        ),
        Property::both("liveness", "true", "False lets containers be that fail their liveness checks")
            .checked(switch),
        row("timeout", "5", "Seconds that a try may take of a check that does not say"),
        row("wait", "5", "Seconds between two tries of a check that does not say"),
        row(
            "wait-to-retire",
            "60",
            "Seconds that old containers stay after a deploy before they are stopped",
        ),
        row(
            "watch",
            "3",
            "Seconds that a deploy stays with its new containers after the switch, unless checks are skipped",
        ),
    ],
    after_set: None,
};

fn attempts(value: &str) -> Outcome {
    match value.parse::<u32>() {
        Ok(1..) => Ok(()),
        Ok(0) | Err(_) => Err(Fault::new(format!("{value} is not a number of tries"))),
    }
}

fn seconds(value: &str) -> Outcome {
    match value.parse::<u32>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new(format!("{value} is not a number of seconds"))),
    }
}
