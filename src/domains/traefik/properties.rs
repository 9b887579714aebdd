//! The settings of traefik, all of them for all apps.

use crate::deploy::proxies::{email, http_port, https_port, image, log_level, quotable, server};
use crate::kernel::{Properties, Property, Style, any, switch};
use crate::model::{Fault, Outcome, port_map};

/// What begins the settings that hold a variable of the provider's each.
pub const PROVIDER_VARIABLE: &str = "dns-provider-";

/// The settings.
pub const PROPERTIES: Properties = Properties {
    plugin: "traefik",
    style: Style::Proxy,
    list: &[
        Property::global("api-enabled", "false", "True has traefik answer questions about itself")
            .checked(switch),
        Property::global("api-entry-point", "", "Entry point of the API").checked(word),
        Property::global("api-entry-point-address", "", "Where that entry point listens, for example :8080")
            .checked(address),
        Property::global("api-vhost", "traefik.dokku.me", "Domain of the API and the dashboard")
            .checked(word),
        Property::global("basic-auth-password", "", "Password of the API").checked(any),
        Property::global("basic-auth-username", "", "User of the API").checked(user),
        Property::global("challenge-mode", "tls", "How a domain is proven: tls, or dns by dns-provider")
            .checked(challenge),
        Property::global("dashboard-enabled", "false", "True has traefik show what it does").checked(switch),
        Property::global(
            "dns-provider",
            "",
            "Who has the domains; dns-provider-<VARIABLE> sets what it is to be told",
        )
        .checked(word),
        Property::global("http-entry-point", "http", "Entry point of plain requests").checked(word),
        http_port(),
        Property::global("https-entry-point", "https", "Entry point of requests with TLS").checked(word),
        https_port(),
        image("traefik:v3.7.10"),
        email(),
        server(),
        log_level(),
    ],
    after_set: None,
};

/// A value that stands in the middle of an option or a rule.
fn word(value: &str) -> Outcome {
    if value.chars().any(|c| c.is_whitespace() || matches!(c, '`' | '\'')) {
        return Err(Fault::new(format!("Invalid value: {value}")).hint("it may hold no space and no quote"));
    }
    quotable(value)
}

fn user(value: &str) -> Outcome {
    if value.contains(':') {
        return Err(Fault::new("A user's name may hold no colon"));
    }
    quotable(value)
}

fn address(value: &str) -> Outcome {
    match value.rsplit_once(':') {
        Some((host, port)) if port_map::port(port).is_some() => word(host),
        Some(_) | None => Err(Fault::new(format!("{value} is no address: [HOST]:PORT, for example :8080"))),
    }
}

fn challenge(value: &str) -> Outcome {
    match value {
        "tls" | "dns" | "http" => Ok(()),
        other => Err(Fault::new(format!("Invalid value \"{other}\": must be tls, dns or http"))),
    }
}
