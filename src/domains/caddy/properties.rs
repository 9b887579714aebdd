//! The settings of caddy.

use crate::deploy::proxies::{email, http_port, https_port, image, log_level, quotable, server};
use crate::kernel::{Properties, Property, Style, switch};

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "caddy",
    style: Style::Proxy,
    list: &[
        http_port(),
        https_port(),
        image("lucaslorentz/caddy-docker-proxy:2.13"),
        email(),
        server(),
        log_level(),
        Property::global("polling-interval", "5s", "How often caddy asks for labels").checked(quotable),
        Property::both(
            "tls-internal",
            "false",
            "True has caddy make certificates with an authority of its own",
        )
        .checked(switch),
    ],
    after_set: None,
};
