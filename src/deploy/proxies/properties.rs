//! Settings that all of these proxies have, and the rows of their reports.

use crate::kernel::{Ctx, Properties, Property, Result};
use crate::model::{Fault, Outcome, Scope, port_map};
use crate::store::published_ports::PublishedPorts;
use crate::store::{Layout, properties};

use super::Table;

/// The domains that these proxies are.
const NAMES: [&str; 4] = ["caddy", "haproxy", "openresty", "traefik"];

/// Under which ports of the host such a proxy is found; `None` for any other proxy.
///
/// # Errors
/// When a setting cannot be read.
pub fn published(layout: &Layout, proxy: &str) -> Outcome<Option<PublishedPorts>> {
    if !NAMES.contains(&proxy) {
        return Ok(None);
    }
    let mut published = PublishedPorts::default();
    for (inner, property) in [(80, http_port()), (443, https_port())] {
        let value = properties::computed(layout, proxy, &Scope::Global, property.key, property.default)?;
        published.tcp.insert(inner, port_map::port(&value).into_iter().collect());
    }
    Ok(Some(published))
}

/// Its image.
pub const fn image(default: &'static str) -> Property {
    Property::global("image", default, "Image of the proxy").checked(quotable)
}

/// Who is told of certificates.
pub const fn email() -> Property {
    Property::global(
        "letsencrypt-email",
        "",
        "Account at the authority; with one the proxy gets certificates by itself",
    )
    .checked(quotable)
}

/// Who gives certificates.
pub const fn server() -> Property {
    Property::global(
        "letsencrypt-server",
        "https://acme-v02.api.letsencrypt.org/directory",
        "Where the authority for certificates is",
    )
    .checked(quotable)
}

/// How much it tells.
pub const fn log_level() -> Property {
    Property::global("log-level", "ERROR", "How much the proxy logs").checked(quotable)
}

/// Where it is found.
pub const fn http_port() -> Property {
    Property::global("http-port", "80", "Port of the host that leads to the proxy's port 80").checked(port)
}

/// Where it is found with TLS.
pub const fn https_port() -> Property {
    Property::global("https-port", "443", "Port of the host that leads to the proxy's port 443").checked(port)
}

fn port(value: &str) -> Outcome {
    port_map::port(value).map(drop).ok_or_else(|| Fault::new(format!("{value} is no port: 1 to 65535")))
}

/// A value stands in a text of the compose file.
///
/// # Errors
/// For what would end the text, or mean something else in it.
pub fn quotable(value: &str) -> Outcome {
    if value.chars().any(|c| matches!(c, '"' | '\\') || c.is_control()) {
        return Err(Fault::new(format!("Invalid value: {value}"))
            .hint("it may hold no double quote, no backslash and no line break"));
    }
    Ok(())
}

/// What holds, as the proxy wants it.
///
/// # Errors
/// When the store cannot be read.
pub fn computed(ctx: &Ctx, table: &Properties, scope: &Scope, key: &str) -> Result<String> {
    let value = table.computed(ctx, scope, key)?;
    Ok(if key == "log-level" { value.to_uppercase() } else { value })
}

/// The variables that each compose template is told, names without the proxy's own prefix.
///
/// # Errors
/// When the store cannot be read.
pub fn variables(ctx: &Ctx, table: &Table) -> Result<Vec<(&'static str, String)>> {
    let get = |key| computed(ctx, table.properties, &Scope::Global, key);
    Ok(vec![
        ("DATA_DIR", ctx.layout().lib.join("data").join(table.data).display().to_string()),
        ("HTTPS_PORT", get("https-port")?),
        ("HTTP_PORT", get("http-port")?),
        ("IMAGE", get("image")?),
        ("LETSENCRYPT_EMAIL", get("letsencrypt-email")?),
        ("LETSENCRYPT_SERVER", get("letsencrypt-server")?),
        ("LOG_LEVEL", get("log-level")?),
    ])
}

/// The rows of a report: `rows!("caddy", of; "image" …; "tls-internal" …)`, where `of` tells what holds. Settings for
/// all apps come first, those that apps have too behind the semicolon.
macro_rules! rows {
    ($name:literal, $of:path; $($global:literal)*; $($both:literal)* $(; $($more:expr),+)?) => {
        &[
            $(
                $crate::kernel::Key {
                    flag: concat!($name, "-computed-", $global),
                    shown: $crate::kernel::Shown::Both,
                    value: $crate::kernel::Value::Fact(|ctx, scope| $of(ctx, scope, $global)),
                },
                $crate::kernel::Key::global(concat!($name, "-global-", $global), $global),
            )*
            $(
                $crate::kernel::Key {
                    flag: concat!($name, "-computed-", $both),
                    shown: $crate::kernel::Shown::Both,
                    value: $crate::kernel::Value::Fact(|ctx, scope| $of(ctx, scope, $both)),
                },
                $crate::kernel::Key::global(concat!($name, "-global-", $both), $both),
                $crate::kernel::Key::own(concat!($name, "-", $both), $both),
            )*
            $($($more,)+)?
        ]
    };
}
pub(crate) use rows;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_text() {
        assert!(quotable("me@example.com").is_ok() && quotable("a:b@sha256:00 $x {}'").is_ok());
        for value in ["a\"b", "a\\b", "a\nb"] {
            assert!(quotable(value).is_err(), "{value}");
        }
        assert!(port("8080").is_ok() && port("0").is_err() && port("80:80").is_err());
    }
}
