//! The settings of nginx, each a directive of an app's server blocks unless said otherwise.

use crate::kernel::{Holds, Properties, Property, Style};
use crate::model::{Fault, Outcome};

const fn row(key: &'static str, default: &'static str, about: &'static str) -> Property {
    Property { key, holds: Holds::Both, default, check: harmless, about }
}

/// The settings. Defaults that depend on app or machine stand in `settings.rs`.
pub const PROPERTIES: Properties = Properties {
    plugin: "nginx",
    style: Style::Shell,
    list: &[
        row("access-log-format", "", "Name of the log_format of the access log"),
        row("access-log-path", "", "Access log of the app; off for none"),
        row("bind-address-ipv4", "", "IPv4 address to listen on; all without one"),
        row("bind-address-ipv6", "::", "IPv6 address to listen on"),
        row("client-body-timeout", "60s", "How long a request's body may pause"),
        row("client-header-timeout", "60s", "How long a request's head may take"),
        row("client-max-body-size", "1m", "The largest body of a request; 0 for any"),
        row("disable-custom-config", "false", "True ignores a nginx.conf.sigil that the app brings"),
        row("error-log-path", "", "Error log of the app"),
        row("hsts", "true", "Adds Strict-Transport-Security to https answers"),
        row("hsts-include-subdomains", "true", "Adds includeSubdomains to that header"),
        row("hsts-max-age", "15724800", "Seconds that header holds for"),
        row("hsts-preload", "false", "Adds preload to that header"),
        row("keepalive-timeout", "75s", "How long an idle connection of a client is kept"),
        row("lingering-timeout", "5s", "How long more data of a client is waited for at the end"),
        row("nginx-conf-sigil-path", "nginx.conf.sigil", "Path of the app's own template in its source"),
        row(
            "nginx-service-command",
            "",
            "Command for plugins that reload nginx; the appliance reloads its own by itself",
        ),
        row("proxy-buffer-size", "", "Buffer for the head of an answer; the page size of the machine"),
        row("proxy-buffering", "on", "Whether answers are buffered"),
        row("proxy-buffers", "", "Number and size of buffers for an answer"),
        row("proxy-busy-buffers-size", "", "How much of them may be busy sending to the client"),
        row("proxy-connect-timeout", "60s", "How long connecting to a container may take"),
        Property {
            check: number,
            ..row(
                "proxy-keepalive",
                "",
                "Idle connections to containers that are kept; none without a number",
            )
        },
        row("proxy-read-timeout", "60s", "How long an answer of a container may pause"),
        row("proxy-send-timeout", "60s", "How long sending to a container may pause"),
        row("send-timeout", "60s", "How long sending to a client may pause"),
        row("underscore-in-headers", "off", "Whether names of headers may hold underscores"),
        row("x-forwarded-for-value", "$remote_addr", "Value of X-Forwarded-For"),
        row("x-forwarded-port-value", "$server_port", "Value of X-Forwarded-Port"),
        row("x-forwarded-proto-value", "$scheme", "Value of X-Forwarded-Proto"),
        row("x-forwarded-ssl", "", "Value of X-Forwarded-Ssl; no such header without one"),
    ],
    after_set: None,
};

/// A value stands in the middle of a directive: it may not end it and begin another.
fn harmless(value: &str) -> Outcome {
    let ends = value.chars().any(|c| c == ';' || c.is_control());
    let opens = value.match_indices('{').any(|(at, _)| !value[..at].ends_with('$'));
    if ends || opens {
        return Err(Fault::new(format!("Invalid value: {value}"))
            .hint("it may hold no semicolon, no line break, and braces only in ${variable}"));
    }
    Ok(())
}

fn number(value: &str) -> Outcome {
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Fault::new("Invalid value for proxy-keepalive: must be an integer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_directive() {
        for value in ["60s", "$http_x_forwarded_proto", "${scheme}", "64 4k", "\"a b\""] {
            assert!(harmless(value).is_ok(), "{value}");
        }
        for value in ["1m; root /", "x\ninclude /etc/passwd", "x { }"] {
            assert!(harmless(value).is_err(), "{value}");
        }
    }
}
