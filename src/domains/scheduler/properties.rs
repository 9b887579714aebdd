//! The settings.

use crate::kernel::{Holds, Properties, Property, Style, any};

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "scheduler",
    style: Style::Go,
    list: &[
        Property {
            key: "selected",
            holds: Holds::Both,
            default: "docker-local",
            check: any,
            about: "Who runs the app: docker-local, k3s, null, or what a plugin brings",
        },
        Property {
            key: "shell",
            holds: Holds::Both,
            default: "",
            check: any,
            about: "Shell that enter and run open; /bin/bash without one",
        },
    ],
    after_set: None,
};
