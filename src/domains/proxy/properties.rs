//! The settings of the proxy.

use crate::kernel::{Holds, Properties, Property, Style, any, switch};
use crate::model::{Fault, Outcome};
use crate::store::forwarders;

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "proxy",
    style: Style::Go,
    list: &[
        Property {
            key: "disabled",
            holds: Holds::App,
            default: "false",
            check: true_or_false,
            about: "True stops routing to the app; proxy:disable and proxy:enable write it",
        },
        Property {
            key: "proxy-port",
            holds: Holds::Both,
            default: "",
            check: any,
            about: "Port of the default http mapping, 80 when unset",
        },
        Property {
            key: "proxy-ssl-port",
            holds: Holds::Both,
            default: "",
            check: any,
            about: "Port of the default https mapping, 443 when unset",
        },
        Property {
            key: forwarders::PROPERTY,
            holds: Holds::Both,
            default: "true",
            check: switch,
            about: "False publishes no port beside the appliance's own: what is mapped to such a one is refused",
        },
        Property {
            key: "type",
            holds: Holds::Both,
            default: "nginx",
            check: any,
            about: "Which proxy routes to the app: nginx, caddy, haproxy, openresty, traefik, null",
        },
    ],
    after_set: None,
};

fn true_or_false(value: &str) -> Outcome {
    match value {
        "true" | "false" => Ok(()),
        other => Err(Fault::new(format!("Invalid value for disabled, must be true or false: {other}"))),
    }
}
