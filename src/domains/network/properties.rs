//! The settings of networks.

use super::create::is_name;
use super::probe::after_set;
use crate::kernel::{Holds, Properties, Property, Style};
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
            network,
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
            tld,
            "Suffix of the alias APP.PROC that containers have in networks they join",
        ),
    ],
    after_set: Some(after_set),
};

fn attachable(value: &str) -> Outcome {
    let cannot = |name: &&str| matches!(*name, "host" | "bridge" | "none") || !is_name(name);
    match value.split(',').find(cannot) {
        Some(name) => Err(Fault::new(format!("Invalid network name specified for attach: {name}"))),
        None => Ok(()),
    }
}

/// A network's name, or `container:NAME`. It becomes a docker option, so that nothing else may stand in it.
fn network(value: &str) -> Outcome {
    if is_name(value.strip_prefix("container:").unwrap_or(value)) {
        return Ok(());
    }
    Err(Fault::new(format!("Invalid network name specified: {value}")))
}

fn tld(value: &str) -> Outcome {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
    };
    if value.split('.').all(is_label) {
        return Ok(());
    }
    Err(Fault::new(format!("Invalid value for tld, must be a domain such as svc.internal: {value}")))
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
