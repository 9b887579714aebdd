//! What a user asks for, checked before anybody else is asked.

use super::by_dns;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, PortScheme, port_map};
use crate::platform::acme::{LETS_ENCRYPT, LETS_ENCRYPT_STAGING};
use crate::store::acme::{self, Acme};
use crate::triggers;

/// The words of certs:acme-enable.
pub struct Wanted {
    /// Whom the authority writes to.
    pub email: Option<String>,
    /// Let's Encrypt's server for trials.
    pub staging: bool,
    /// Another server's directory.
    pub server: Option<String>,
    /// The script that changes DNS.
    pub dns_provider: Option<String>,
}

impl Wanted {
    /// The settings they mean.
    ///
    /// # Errors
    /// When one cannot be meant.
    pub fn settings(self, ctx: &Ctx) -> Result<Acme> {
        let server = match (self.server, self.staging) {
            (Some(_), true) => {
                return Err(Failure::usage("--staging is Let's Encrypt's: it cannot stand beside --server"));
            }
            (Some(server), false) => server,
            (None, true) => LETS_ENCRYPT_STAGING.to_owned(),
            (None, false) => LETS_ENCRYPT.to_owned(),
        };
        if !server.starts_with("https://") || server.contains(char::is_whitespace) {
            return Err(Failure::user(format!("{server} is no ACME server"))
                .hint(format!("Expected is the https address of its directory, such as {LETS_ENCRYPT}")));
        }
        let email = self.email.unwrap_or_default();
        let is_address = |text: &str| {
            text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
                && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == ',')
        };
        if !email.is_empty() && !is_address(&email) {
            return Err(Failure::user(format!("{email} is no e-mail address")));
        }
        let dns_provider = self.dns_provider.unwrap_or_default();
        if !dns_provider.is_empty() {
            by_dns::find(ctx, &dns_provider)?;
        }
        Ok(Acme { server, email, dns_provider, ..Acme::default() })
    }
}

/// The names to ask a certificate for, if it can be had that way.
///
/// # Errors
/// When the app has no domain, or what it has cannot be proven that way.
pub async fn names(ctx: &Ctx, app: &AppName, settings: &Acme) -> Result<Vec<String>> {
    let names = acme::wanted_names(ctx.layout(), app)?;
    if names.is_empty() {
        return Err(Failure::user(format!("{app} has no domain that a certificate can be for"))
            .hint(format!("dokku domains:add {app} <domain>")));
    }
    if !settings.dns_provider.is_empty() {
        return Ok(names);
    }
    if let Some(name) = names.iter().find(|name| name.contains('*')) {
        return Err(Failure::user(format!("{name} can be proven by DNS alone"))
            .hint("Name a script that changes DNS: --dns-provider <name>"));
    }
    let proxy = ctx.fire(triggers::ProxyType { app: app.clone() }).await?;
    let is_routed = ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await?;
    if proxy != "nginx" || !is_routed {
        let what = if is_routed { format!("is {proxy}") } else { "is turned off".to_owned() };
        return Err(Failure::user(format!("The proxy of {app} {what}: its names cannot be proven by HTTP"))
            .hint("Prove them by DNS: --dns-provider <name>"));
    }
    let answer = ctx.fire(triggers::PortsGet { app: app.clone(), format: String::new() }).await?;
    let is_asked = |map: &port_map::PortMap| map.scheme == PortScheme::Http && map.host_port == 80;
    if !port_map::stored(&answer).iter().any(is_asked) {
        return Err(Failure::user(format!(
            "{app} does not answer http on port 80, where the authority asks"
        ))
        .hint(format!(
            "dokku ports:add {app} http:80:<container port>, or prove by DNS: --dns-provider <name>"
        )));
    }
    Ok(names)
}
