//! From what is known about an app to what nginx is to do for it.

use std::collections::BTreeSet;

use super::handover::Handover;
use super::settings::{self, Settings};
use super::site::{Listeners, NginxSite, Routes};
use super::streams::{Shared, StreamSite};
use crate::kernel::{Ctx, Result};
use crate::model::port_map::{self, OutsidePort, PortMap};
use crate::model::{AppName, ProcessType, Scope};
use crate::platform::files;
use crate::store::forwarders;
use crate::store::ports::{self, ProxyPort};
use crate::triggers;

/// A plan, and what the user should hear about it.
pub struct Plan {
    /// What nginx is to do.
    pub site: NginxSite,
    /// The ports that are passed on.
    pub streams: StreamSite,
    /// The mappings that are served, the fallback among them.
    pub maps: Vec<PortMap>,
    /// What a template sees instead of listeners while nothing runs; empty but for a trial.
    pub listeners_placeholder: String,
    /// Mappings left out for want of a certificate.
    pub left_out: Vec<PortMap>,
    /// Mappings left out because the port is another app's.
    pub taken: Vec<(PortMap, AppName)>,
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
    let is_missing = |map: &PortMap| map.scheme.needs_certificate() && !has_certificate;
    let mut all = port_map::stored(&answer);
    all.extend(ports::routes(layout, app)?);
    let (left_out, mut maps): (Vec<_>, Vec<_>) = all.into_iter().partition(is_missing);
    let streams = ports::streams(layout, app)?.into_iter().filter(|map| !is_missing(map)).collect::<Vec<_>>();

    let listeners = listeners(ctx, app, maps.iter().chain(&streams)).await?;

    let published = forwarders::reachable(layout)?;
    let taken = taken(ctx, app, &maps)?;
    let is_taken = |port: u16| taken.iter().any(|(map, _)| map.host_port == port);
    let outer = |port: u16| {
        let outer = published.as_ref().map_or(Some(port), |published| published.outer(port));
        outer.filter(|_| !is_taken(port))
    };
    let proxy_port = ports::proxy_port(layout, app, ProxyPort::Plain)?.unwrap_or(80);
    let fallback = port_map::fallback(&maps, proxy_port, |port| outer(port).is_some());
    let is_reached = |map: &&PortMap| {
        let port = OutsidePort::of(map);
        published.as_ref().is_none_or(|published| published.publishes(port)) && !is_taken(map.host_port)
    };
    let unpublished = maps.iter().filter(|map| !is_reached(map)).map(|map| map.host_port).collect();
    maps.retain(|map| !is_taken(map.host_port));
    maps.extend(fallback.clone());

    let tls_port = has_certificate.then_some(ports::proxy_port(layout, app, ProxyPort::Tls)?.unwrap_or(443));
    let redirect_to = tls_port.map(|port| outer(port).unwrap_or(port));
    let routes = Routes { app, maps: &maps, listeners: &listeners, tls_port, redirect_to };
    let handover = handover(ctx, app)?;
    let site = NginxSite {
        handover: handover.clone(),
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
    let shared = Shared {
        handover,
        access_log: access_log(&site.settings.access_log),
        domains: site.domains.clone(),
        addresses: site.addresses.clone(),
        tls: site.tls.clone(),
        error_log: site.settings.error_log.clone(),
        connect_timeout: site.settings.connect_timeout.clone(),
    };
    let streams = StreamSite::new(app, &streams, &listeners, shared);
    Ok(Plan {
        site,
        streams,
        maps,
        listeners_placeholder: String::new(),
        left_out,
        taken,
        fallback,
        unpublished,
        is_running: listeners.contains_key(&ProcessType::web()),
        has_certificate,
    })
}

/// Where forwarders hand over connections for this app, if there are any.
fn handover(ctx: &Ctx, app: &AppName) -> Result<Option<Handover>> {
    let known = forwarders::read(ctx.layout())?;
    let Some(meeting) = known.meeting else { return Ok(None) };
    let ports: BTreeSet<u16> = known.ports.iter().filter(|port| !port.is_udp).map(|port| port.port).collect();
    // Its address is listened on by whoever listens on all: one who does not must not be stopped by it.
    let is_bound = !settings::of(ctx, &Scope::from(app), "bind-address-ipv4")?.is_empty();
    if ports.is_empty() || is_bound || !forwarders::is_on(ctx.layout(), app)? {
        return Ok(None);
    }
    let snippets = ctx.layout().nginx_snippets(app);
    let mut has_own_source = false;
    for name in files::names(&snippets)?.iter().filter(|name| name.ends_with(".conf")) {
        has_own_source |=
            files::read_text(&snippets.join(name))?.unwrap_or_default().contains("real_ip_header");
    }
    Ok(Some(Handover { address: meeting.address, subnet: meeting.subnet, ports, has_own_source }))
}

/// The access log without its format, which is one of HTTP.
fn access_log(words: &str) -> Option<String> {
    words.split_whitespace().next().filter(|path| *path != "off").map(str::to_owned)
}

/// Those of the mappings whose port other apps' bytes or datagrams have. `ports:add` refuses such a one; a build may find it.
fn taken(ctx: &Ctx, app: &AppName, maps: &[PortMap]) -> Result<Vec<(PortMap, AppName)>> {
    let mut taken = Vec::new();
    for name in files::names(&ctx.layout().nginx_streams())? {
        let Some(other) = name.strip_suffix(".conf").and_then(|name| name.parse().ok()) else { continue };
        if other == *app {
            continue;
        }
        for theirs in ports::streams(ctx.layout(), &other)? {
            let clash = |map: &&PortMap| port_map::conflict((map, &[]), (&theirs, &[])).is_some();
            let own = maps.iter().filter(|map| !map.scheme.is_stream()).filter(clash);
            taken.extend(own.map(|map| (map.clone(), other.clone())));
        }
    }
    Ok(taken)
}

/// Where nginx passes requests on, for each process type that a mapping leads to.
async fn listeners(ctx: &Ctx, app: &AppName, maps: impl Iterator<Item = &PortMap>) -> Result<Listeners> {
    let mut types: Vec<ProcessType> = maps.map(PortMap::process).chain([ProcessType::web()]).collect();
    types.sort_unstable();
    types.dedup();
    let mut listeners = Listeners::new();
    for process in types {
        let found = listeners_of(ctx, app, &process).await?;
        if !found.is_empty() {
            listeners.insert(process, found);
        }
    }
    Ok(listeners)
}

/// The fixed upstream of the app, for web; else the containers of the process type.
async fn listeners_of(ctx: &Ctx, app: &AppName, process: &ProcessType) -> Result<Vec<String>> {
    let words = |text: String| text.split_whitespace().map(str::to_owned).collect();
    if process.is_web() {
        let process_type = process.to_string();
        let asked = triggers::NetworkGetStaticListeners { app: app.clone(), process_type };
        let fixed: Vec<String> = words(ctx.fire(asked).await?);
        if !fixed.is_empty() {
            return Ok(fixed);
        }
    }
    let asked = triggers::NetworkGetListeners { app: app.clone(), process_type: Some(process.clone()) };
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
