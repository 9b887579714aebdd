//! What openresty is told: as a compose file, and by the labels of web containers (facts: openresty-docker-proxy).

use super::properties::PROPERTIES;
use super::{includes, settings};
use crate::deploy::proxies::{LabelProxy, Table, Web, commands};
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::triggers;

/// Settings that are labels, where they have a value. One label is not called as its setting is.
const SETTINGS: [&str; 27] = [
    "access-log-format",
    "access-log-path",
    "bind-address-ipv4",
    "bind-address-ipv6",
    "client-body-timeout",
    "client-header-timeout",
    "client-max-body-size",
    "error-log-path",
    "hsts",
    "hsts-include-subdomains",
    "hsts-max-age",
    "hsts-preload",
    "keepalive-timeout",
    "lingering-timeout",
    "proxy-buffer-size",
    "proxy-buffering",
    "proxy-buffers",
    "proxy-busy-buffers-size",
    "proxy-connect-timeout",
    "proxy-read-timeout",
    "proxy-send-timeout",
    "send-timeout",
    "underscore-in-headers",
    "x-forwarded-for-value",
    "x-forwarded-port-value",
    "x-forwarded-proto-value",
    "x-forwarded-ssl",
];

/// OpenResty, with openresty-docker-proxy in it.
pub struct Openresty;

impl LabelProxy for Openresty {
    const TABLE: &'static Table = &Table {
        name: "openresty",
        commands: commands!("openresty"),
        properties: &PROPERTIES,
        template: include_str!("compose.yml.sigil"),
        data: "openresty-vhosts/.docker-letsencrypt",
        prefix: "OPENRESTY",
    };

    async fn template_source(ctx: &Ctx) -> Result<String> {
        ctx.fire(triggers::OpenrestyTemplateSource { app: String::new() }).await
    }

    fn variables(ctx: &Ctx) -> Result<Vec<(&'static str, String)>> {
        let allowed = settings::of(ctx, &Scope::Global, "allowed-letsencrypt-domains-func-base64")?;
        Ok(vec![("ALLOWED_DOMAINS_FUNC_BASE64", allowed)])
    }

    async fn labels(ctx: &Ctx, web: &Web) -> Result<Vec<(String, String)>> {
        let app: AppName = web.app.parse()?;
        let has_authority = !settings::of(ctx, &Scope::Global, "letsencrypt-email")?.is_empty();
        let initial = triggers::NetworkGetProperty { app: app.clone(), key: "initial-network".to_owned() };
        let mut labels = vec![
            label("letsencrypt", (has_authority && web.tls.is_some()).to_string()),
            label("https-port", "443".to_owned()),
            label("domains", web.domains.join(" ")),
            label("initial-network", ctx.fire(initial).await?.trim().to_owned()),
            label("port-mapping", web.mappings.join(" ")),
        ];
        for key in SETTINGS {
            let name = if key == "proxy-busy-buffers-size" { "proxy-busy-buffer-size" } else { key };
            labels.push(label(name, settings::of(ctx, &Scope::from(&app), key)?));
        }
        labels.retain(|(_, value)| !value.is_empty());
        labels.extend(includes::labels(ctx, &app)?);
        Ok(labels)
    }
}

fn label(name: &str, value: String) -> (String, String) {
    (format!("openresty.{name}"), value)
}
