//! What traefik is told as a compose file. What it is told by labels stands in `labels.rs`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::labels;
use super::properties::{PROPERTIES, PROVIDER_VARIABLE};
use crate::deploy::proxies::{LabelProxy, Table, Web, commands};
use crate::kernel::{Ctx, Result};
use crate::model::Scope;
use crate::platform::digest;
use crate::store::properties;
use crate::triggers;

/// Traefik.
pub struct Traefik;

impl LabelProxy for Traefik {
    const TABLE: &'static Table = &Table {
        name: "traefik",
        commands: commands!("traefik"),
        properties: &PROPERTIES,
        template: include_str!("compose.yml.sigil"),
        data: "traefik",
        prefix: "TRAEFIK",
    };

    async fn template_source(ctx: &Ctx) -> Result<String> {
        ctx.fire(triggers::TraefikTemplateSource { app: String::new() }).await
    }

    fn variables(ctx: &Ctx) -> Result<Vec<(&'static str, String)>> {
        let get = |key| PROPERTIES.computed(ctx, &Scope::Global, key);
        let (entry_point, address) = (get("api-entry-point")?, get("api-entry-point-address")?);
        let (http, https) = (get("http-entry-point")?, get("https-entry-point")?);
        let (host, port) = address.rsplit_once(':').unwrap_or_default();
        let published = match (entry_point.is_empty() || port.is_empty(), host) {
            (true, _) => String::new(),
            (false, "") => format!("{port}:{port}"),
            (false, host) => format!("{host}:{port}:{port}"),
        };
        let has_certificates = !get("letsencrypt-email")?.is_empty();
        let (challenge, provider) = (get("challenge-mode")?, get("dns-provider")?);
        // Without a provider nobody could be told of a proof by DNS.
        let proves_by_dns = challenge == "dns" && !provider.is_empty();
        let used = if challenge == "dns" && !proves_by_dns { "tls".to_owned() } else { challenge.clone() };
        let at = match entry_point.as_str() {
            "" if has_certificates => https.clone(),
            "" => http.clone(),
            own => own.to_owned(),
        };
        Ok(vec![
            ("API_AT", at),
            ("API_ENABLED", get("api-enabled")?),
            ("API_ENTRY_POINT", entry_point),
            ("API_ENTRY_POINT_ADDRESS", address.clone()),
            ("API_ENTRY_POINT_PORT", port.to_owned()),
            ("API_PORT", published),
            ("API_VHOST", get("api-vhost")?),
            ("BASIC_AUTH", user(&get("basic-auth-username")?, &get("basic-auth-password")?)?),
            ("CHALLENGE", used),
            ("CHALLENGE_MODE", challenge),
            ("DASHBOARD_ENABLED", get("dashboard-enabled")?),
            ("DNS_PROVIDER", provider.clone()),
            ("ENVIRONMENT", environment(ctx, &provider)?),
            ("HTTPS_ENTRY_POINT", https),
            ("HTTP_ENTRY_POINT", http),
        ])
    }

    async fn labels(ctx: &Ctx, web: &Web) -> Result<Vec<(String, String)>> {
        for way in [&web.plain, &web.tls].into_iter().flatten() {
            way.warn(ctx);
        }
        let get = |key| PROPERTIES.computed(ctx, &Scope::Global, key);
        let entry_points = (get("http-entry-point")?, get("https-entry-point")?);
        let asked = triggers::AppJsonGetContent { app: web.app.parse()? };
        let app_json = ctx.fire(asked).await.unwrap_or_default();
        Ok(labels::of(web, (&entry_points.0, &entry_points.1), labels::Probe::of(&app_json).as_ref()))
    }
}

/// User and password as traefik compares them: in the one of its three forms that needs no salt, so that the same
/// settings give the same container. Nothing without both.
fn user(name: &str, password: &str) -> Result<String> {
    if name.is_empty() || password.is_empty() {
        return Ok(String::new());
    }
    let hex = digest::sha1(password)?;
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("two hexadecimal digits");
    let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
    Ok(format!("{name}:{{SHA}}{}", STANDARD.encode(bytes)))
}

/// What the DNS provider's part of traefik reads, as a list in one line.
fn environment(ctx: &Ctx, provider: &str) -> Result<String> {
    let mut variables = Vec::new();
    for key in properties::keys(ctx.layout(), PROPERTIES.plugin, &Scope::Global)? {
        let Some(name) = key.strip_prefix(PROVIDER_VARIABLE).filter(|_| !provider.is_empty()) else {
            continue;
        };
        let value =
            properties::get(ctx.layout(), PROPERTIES.plugin, &Scope::Global, &key)?.unwrap_or_default();
        variables.push(format!("{}={value}", name.to_uppercase()));
    }
    Ok(serde_json::Value::from(variables).to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_password_is_told_as_htpasswd_would_write_it() {
        assert_eq!(super::user("me", "secret").expect("a digest"), "me:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=");
        assert_eq!(super::user("me", "").expect("nothing"), "");
    }
}
