//! The settings of openresty. Those of apps are directives of its server blocks, as those of nginx are.

use crate::deploy::proxies::{email, http_port, https_port, image, log_level, quotable, server};
use crate::kernel::{Properties, Property, Style};
use crate::model::{Fault, Outcome};

const fn directive(key: &'static str, default: &'static str, about: &'static str) -> Property {
    Property::both(key, default, about).checked(harmless)
}

/// The settings. Defaults that depend on app or machine stand in `settings.rs`.
pub const PROPERTIES: Properties = Properties {
    plugin: "openresty",
    style: Style::Proxy,
    list: &[
        directive("access-log-format", "", "Name of the format of the access log"),
        directive("access-log-path", "", "Access log of the app in the proxy's container"),
        Property::global(
            "allowed-letsencrypt-domains-func-base64",
            "return true",
            "Body of a lua function that says for which domains to get certificates",
        )
        .checked(quotable),
        directive("bind-address-ipv4", "", "IPv4 address to listen on"),
        directive("bind-address-ipv6", "::", "IPv6 address to listen on"),
        directive("client-body-timeout", "60s", "How long a request's body may pause"),
        directive("client-header-timeout", "60s", "How long a request's head may take"),
        directive("client-max-body-size", "1m", "The largest body of a request"),
        directive("error-log-path", "", "Error log of the app in the proxy's container"),
        directive("hsts", "true", "Adds Strict-Transport-Security to https answers"),
        directive("hsts-include-subdomains", "true", "Adds includeSubdomains to that header"),
        directive("hsts-max-age", "15724800", "Seconds that header holds for"),
        directive("hsts-preload", "false", "Adds preload to that header"),
        http_port(),
        https_port(),
        image("dokku/openresty-docker-proxy:0.12.1"),
        directive("keepalive-timeout", "75s", "How long an idle connection of a client is kept"),
        email(),
        server(),
        directive("lingering-timeout", "5s", "How long more data of a client is waited for at the end"),
        log_level(),
        directive("proxy-buffer-size", "", "Buffer for the head of an answer; the page size of the machine"),
        directive("proxy-buffering", "on", "Whether answers are buffered"),
        directive("proxy-buffers", "", "Number and size of buffers for an answer"),
        directive("proxy-busy-buffers-size", "", "How much of them may be busy sending to the client"),
        directive("proxy-connect-timeout", "60s", "How long connecting to a container may take"),
        directive("proxy-read-timeout", "60s", "How long an answer of a container may pause"),
        directive("proxy-send-timeout", "60s", "How long sending to a container may pause"),
        directive("send-timeout", "60s", "How long sending to a client may pause"),
        directive("underscore-in-headers", "off", "Whether names of headers may hold underscores"),
        directive("x-forwarded-for-value", "$remote_addr", "Value of X-Forwarded-For"),
        directive("x-forwarded-port-value", "$server_port", "Value of X-Forwarded-Port"),
        directive("x-forwarded-proto-value", "$scheme", "Value of X-Forwarded-Proto"),
        directive("x-forwarded-ssl", "", "Value of X-Forwarded-Ssl; no such header without one"),
    ],
    after_set: None,
};

/// A value stands in the middle of a directive, in the configuration of all apps: it may not end it.
fn harmless(value: &str) -> Outcome {
    if value.chars().any(|c| c == ';' || c == '}' || c.is_control()) {
        return Err(Fault::new(format!("Invalid value: {value}"))
            .hint("it may hold no semicolon, no closing brace and no line break"));
    }
    Ok(())
}
