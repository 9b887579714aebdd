//! The settings of processes.

use crate::kernel::{Holds, Properties, Property, Style, any};
use crate::model::{Fault, Outcome};

const fn row(
    key: &'static str,
    holds: Holds,
    default: &'static str,
    check: fn(&str) -> Outcome,
    about: &'static str,
) -> Property {
    Property { key, holds, default, check, about }
}

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "ps",
    style: Style::Go,
    list: &[
        row(
            "dockerfile-start-cmd",
            Holds::App,
            "",
            any,
            "Command of every process type for images not built by herokuish; wins over the Procfile",
        ),
        row("procfile-path", Holds::Both, "Procfile", any, "Path of the Procfile in the root of the build"),
        row(
            "restart-policy",
            Holds::Both,
            "on-failure:10",
            restart_policy,
            "When the engine starts a container again",
        ),
        row(
            "restore",
            Holds::App,
            "true",
            any,
            "False makes ps:restore and redeploys after config changes pass the app by",
        ),
        row("skip-deploy", Holds::Both, "false", any, "True ends a build before the deploy"),
        row("start-cmd", Holds::App, "", any, "Command of every process type of apps built by herokuish"),
        row(
            "stop-timeout-seconds",
            Holds::Both,
            "30",
            seconds,
            "Seconds between TERM and KILL when a container is stopped",
        ),
    ],
    after_set: None,
};

fn seconds(value: &str) -> Outcome {
    match value.parse::<u32>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new(format!("{value} is not a number of seconds"))),
    }
}

fn restart_policy(value: &str) -> Outcome {
    let is_known = matches!(value, "no" | "always" | "unless-stopped" | "on-failure");
    if is_known || value.strip_prefix("on-failure:").is_some_and(|times| times.parse::<u32>().is_ok()) {
        return Ok(());
    }
    Err(Fault::new("Invalid restart-policy specified")
        .hint("one of no, always, unless-stopped, on-failure, on-failure:N"))
}
