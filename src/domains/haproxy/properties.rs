//! The settings of haproxy, all of them for all apps.

use crate::deploy::proxies::{email, http_port, https_port, image, log_level, quotable, server};
use crate::kernel::{Properties, Property, Style};

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "haproxy",
    style: Style::Proxy,
    list: &[
        http_port(),
        https_port(),
        image("byjg/easy-haproxy:6.1.1"),
        email(),
        server(),
        log_level(),
        Property::global("refresh-conf", "10", "How often haproxy asks for labels, in seconds")
            .checked(quotable),
    ],
    after_set: None,
};
