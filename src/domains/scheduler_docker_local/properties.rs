//! The settings.

use crate::kernel::{Holds, Properties, Property, Style, any};

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
            check: any,
            about: "How many process types other than web are deployed at once",
        },
    ],
    after_set: None,
};
