//! The settings of networks.

use crate::kernel::{Holds, Properties, Property, Style, any};
use crate::model::{Fault, Outcome};

const fn row(key: &'static str, holds: Holds, check: fn(&str) -> Outcome, about: &'static str) -> Property {
    Property { key, holds, default: "", check, about }
}

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "network",
    style: Style::Go,
    list: &[
        row(
            "attach-post-create",
            Holds::Both,
            attachable,
            "Networks joined after a container is made and before it starts",
        ),
        row(
            "attach-post-deploy",
            Holds::Both,
            attachable,
            "Networks joined after the checks, before the proxy turns to the container",
        ),
        Property {
            default: "false",
            ..row(
                "bind-all-interfaces",
                Holds::Both,
                true_or_false,
                "True publishes the port of web containers on all interfaces of the host",
            )
        },
        row(
            "initial-network",
            Holds::Both,
            any,
            "Network that containers are made in, instead of the default bridge",
        ),
        row(
            "static-web-listener",
            Holds::App,
            listener,
            "Fixed ip:port that the proxy turns to instead of containers",
        ),
        row(
            "tld",
            Holds::Both,
            any,
            "Suffix of the alias APP.PROC that containers have in networks they join",
        ),
    ],
    after_set: None,
};

fn attachable(value: &str) -> Outcome {
    match value.split(',').find(|name| matches!(*name, "host" | "bridge" | "none" | "")) {
        Some(name) => Err(Fault::new(format!("Invalid network name specified for attach: {name}"))),
        None => Ok(()),
    }
}

fn true_or_false(value: &str) -> Outcome {
    match value {
        "true" | "false" => Ok(()),
        other => {
            Err(Fault::new(format!("Invalid value for bind-all-interfaces, must be true or false: {other}")))
        }
    }
}

/// A host and a port, or a host alone. It ends up in the proxy's configuration, so nothing else may stand in it.
fn listener(value: &str) -> Outcome {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".:-[]_".contains(c);
    if value.chars().all(is_plain) {
        return Ok(());
    }
    Err(Fault::new(format!("Invalid value for static-web-listener, must be ip:port: {value}")))
}
