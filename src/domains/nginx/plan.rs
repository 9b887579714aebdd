//! From what is known about an app to what nginx is to do for it.

use super::settings::{self, Settings};
use super::site::{NginxSite, Routes};
use crate::kernel::{Ctx, Result};
use crate::model::port_map::{self, PortMap, PortScheme};
use crate::model::{AppName, ProcessType, Scope};
use crate::store::ports::{self, ProxyPort};
use crate::store::published_ports;
use crate::triggers;

/// A plan, and what the user should hear about it.
pub struct Plan {
    /// What nginx is to do.
    pub site: NginxSite,
    /// The mappings that are served, the fallback among them.
    pub maps: Vec<PortMap>,
    /// What a template sees instead of listeners while nothing runs; empty but for a trial.
    pub listeners_placeholder: String,
    /// Mappings left out for want of a certificate.
    pub left_out: Vec<PortMap>,
    /// The mapping by which the app also answers on the proxy port.
    pub fallback: Option<PortMap>,
    /// Host ports that nobody outside can reach.
    pub unpublished: Vec<u16>,
    /// True when web containers listen.
    pub is_running: bool,
    /// True with a certificate.
    pub has_certificate: bool,
}

/// Makes the plan for an app.
///
/// # Errors
/// When what it is made of cannot be read.
pub async fn make(ctx: &Ctx, app: &AppName) -> Result<Plan> {
    let layout = ctx.layout();
    let scope = Scope::from(app);
    let has_certificate = ctx.fire(triggers::CertsExists { app: app.clone() }).await?;
    let answer = ctx.fire(triggers::PortsGet { app: app.clone(), format: String::new() }).await?;
    let needs_certificate = |map: &PortMap| matches!(map.scheme, PortScheme::Https | PortScheme::Grpcs);
    let (left_out, mut maps): (Vec<_>, Vec<_>) =
        port_map::stored(&answer).into_iter().partition(|map| needs_certificate(map) && !has_certificate);

    let listeners = listeners(ctx, app).await?;

    let published = published_ports::read(layout)?;
    let outer = |port: u16| published.as_ref().map_or(Some(port), |published| published.outer(port));
    let proxy_port = ports::proxy_port(layout, app, ProxyPort::Plain)?.unwrap_or(80);
    let fallback = port_map::fallback(&maps, proxy_port, |port| outer(port).is_some());
    let unpublished = maps.iter().map(|map| map.host_port).filter(|port| outer(*port).is_none()).collect();
    maps.extend(fallback.clone());

    let tls_port = ports::proxy_port(layout, app, ProxyPort::Tls)?.unwrap_or(443);
    let redirect_to = has_certificate.then(|| outer(tls_port).unwrap_or(tls_port));
    let routes = Routes { maps: &maps, listeners: &listeners, redirect_to };
    let site = NginxSite {
        app: app.clone(),
        domains: ctx.fire(triggers::DomainsList { app: app.clone() }).await?,
        servers: routes.servers(),
        upstreams: routes.upstreams(),
        settings: Settings::read(ctx, &scope)?,
        addresses: addresses(ctx, &scope)?,
        tls: layout.tls(app),
        error_pages: layout.data("nginx-vhosts").join("dokku-errors"),
        snippets: layout.nginx_snippets(app),
        has_http2_directive: true,
    };
    Ok(Plan {
        site,
        maps,
        listeners_placeholder: String::new(),
        left_out,
        fallback,
        unpublished,
        is_running: !listeners.is_empty(),
        has_certificate,
    })
}

/// Where nginx passes requests on: the fixed upstream of the app, else its web containers.
async fn listeners(ctx: &Ctx, app: &AppName) -> Result<Vec<String>> {
    let words = |text: String| text.split_whitespace().map(str::to_owned).collect();
    let web = ProcessType::web();
    let process_type = web.to_string();
    let asked = triggers::NetworkGetStaticListeners { app: app.clone(), process_type };
    let fixed: Vec<String> = words(ctx.fire(asked).await?);
    if !fixed.is_empty() {
        return Ok(fixed);
    }
    let asked = triggers::NetworkGetListeners { app: app.clone(), process_type: Some(web) };
    Ok(words(ctx.fire(asked).await?))
}

/// What stands before the port in `listen`, IPv6 first as in Dokku's template.
fn addresses(ctx: &Ctx, scope: &Scope) -> Result<Vec<String>> {
    let mut addresses = Vec::new();
    if ctx.platform.proxy.has_ipv6() {
        addresses.push(format!("[{}]:", settings::of(ctx, scope, "bind-address-ipv6")?));
    }
    let ipv4 = settings::of(ctx, scope, "bind-address-ipv4")?;
    addresses.push(if ipv4.is_empty() { ipv4 } else { format!("{ipv4}:") });
    Ok(addresses)
}
