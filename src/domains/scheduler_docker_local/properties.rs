//! The settings.

use crate::kernel::{Holds, Properties, Property, Style, any};
use crate::model::{Fault, Outcome};

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "scheduler-docker-local",
    style: Style::Shell,
    list: &[
        Property {
            key: "init-process",
            holds: Holds::Both,
            default: "true",
            check: any,
            about: "True gives containers an init process that reaps children and passes signals on",
        },
        Property {
            key: "parallel-schedule-count",
            holds: Holds::Both,
            default: "1",
            check: is_count,
            about: "How many process types other than web are deployed at once; 0 for all",
        },
    ],
    after_set: None,
};

fn is_count(value: &str) -> Outcome {
    let wrong = || format!("Invalid parallel-schedule-count value \"{value}\", use a whole number");
    value.parse::<usize>().map(drop).map_err(|_| Fault::new(wrong()))
}
