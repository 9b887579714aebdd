//! The addresses of an app.

use crate::deploy::proxies;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::app_url::{AppUrls, url};
use crate::model::port_map::{self, PortMap, PortScheme};
use crate::model::{AppName, ProcessType, Scope};
use crate::platform::user;
use crate::store::forwarders;
use crate::store::ports::{self, ProxyPort};
use crate::store::published_ports::PublishedPorts;
use crate::store::vhosts;
use crate::triggers;

/// Which addresses are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first one of the default scheme.
    First,
    /// All: Dokku's values, then further ones that answer.
    All,
    /// Those to show to somebody who wants to open one.
    Shown,
}

impl Which {
    /// From the word that the trigger carries.
    ///
    /// # Errors
    /// When the word is none of the three.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "url" => Ok(Which::First),
            "urls" | "" => Ok(Which::All),
            "published" => Ok(Which::Shown),
            other => Err(Failure::user(format!("Invalid url type specified: {other}"))),
        }
    }
}

/// The addresses of the app.
///
/// # Errors
/// When what they are made of cannot be read.
pub async fn of_app(ctx: &Ctx, app: &AppName, which: Which) -> Result<Vec<String>> {
    let has_certificate = ctx.fire(triggers::CertsExists { app: app.clone() }).await?;
    let scheme = if has_certificate { PortScheme::Https } else { PortScheme::Http };
    let mut urls = match from_plugins(ctx, app, which).await? {
        Some(urls) => urls,
        None => ours(ctx, app, which, scheme).await?,
    };
    if which == Which::First {
        urls.retain(|url| url.starts_with(&format!("{}://", scheme.as_str())));
        urls.truncate(1);
    }
    Ok(urls)
}

async fn from_plugins(ctx: &Ctx, app: &AppName, which: Which) -> Result<Option<Vec<String>>> {
    let url_type = if which == Which::First { "url" } else { "urls" }.to_owned();
    let answer = ctx.fire(triggers::AppUrls { app: app.clone(), url_type }).await?;
    let mut urls: Vec<String> = answer.split_whitespace().map(str::to_owned).collect();
    if which != Which::First {
        urls.sort_unstable();
    }
    Ok((!urls.is_empty()).then_some(urls))
}

async fn ours(ctx: &Ctx, app: &AppName, which: Which, scheme: PortScheme) -> Result<Vec<String>> {
    let hosts = hosts(ctx, app).await?;
    if !ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await? {
        return direct(ctx, app, scheme, &hosts).await;
    }
    let answer = ctx.fire(triggers::PortsGet { app: app.clone(), format: String::new() }).await?;
    let mut maps = port_map::stored(&answer);
    if scheme == PortScheme::Http {
        maps.retain(|map| map.scheme != PortScheme::Https);
    }
    if which == Which::First {
        // Not sorted: the user's order of domains says which is the main one.
        return Ok(hosts
            .iter()
            .flat_map(|host| maps.iter().map(|map| url(map.scheme, host, map.host_port)))
            .collect());
    }
    let proxy = ctx.fire(triggers::ProxyType { app: app.clone() }).await?;
    let (published, fallback) = match proxies::published(ctx.layout(), &proxy)? {
        // It stands beside the appliance, whose ports lead elsewhere.
        Some(its) => (Some(its), None),
        None => {
            let published = forwarders::reachable(ctx.layout())?;
            let fallback = fallback(ctx, app, &maps, published.as_ref())?;
            (published, fallback)
        }
    };
    let urls = AppUrls { hosts: &hosts, maps: &maps, fallback: fallback.as_ref() };
    let mut all = urls.inner();
    let Some(published) = published else { return Ok(all) };
    if which == Which::Shown {
        return Ok(urls.shown(|port| published.outer(port)));
    }
    all.extend(urls.further(|port| published.outer(port)));
    Ok(all)
}

fn fallback(
    ctx: &Ctx,
    app: &AppName,
    maps: &[PortMap],
    published: Option<&PublishedPorts>,
) -> Result<Option<PortMap>> {
    let Some(published) = published else { return Ok(None) };
    let proxy_port = ports::proxy_port(ctx.layout(), app, ProxyPort::Plain)?.unwrap_or(80);
    Ok(port_map::fallback(maps, proxy_port, |port| published.outer(port).is_some()))
}

/// Addresses of the containers themselves, when no proxy stands before them.
async fn direct(ctx: &Ctx, app: &AppName, scheme: PortScheme, hosts: &[String]) -> Result<Vec<String>> {
    let process_type = Some(ProcessType::web());
    let listeners = ctx.fire(triggers::NetworkGetListeners { app: app.clone(), process_type }).await?;
    let mut urls: Vec<String> = Vec::new();
    for listener in listeners.split_whitespace() {
        let port = listener.rsplit_once(':').and_then(|(_, port)| port_map::port(port)).unwrap_or(5000);
        urls.extend(hosts.iter().map(|host| url(scheme, host, port)));
    }
    urls.sort_unstable();
    urls.dedup();
    Ok(urls)
}

/// The names an app is addressed by: its domains, else the global ones, else this machine's name.
async fn hosts(ctx: &Ctx, app: &AppName) -> Result<Vec<String>> {
    let own = ctx.fire(triggers::DomainsList { app: app.clone() }).await?;
    if !own.is_empty() {
        return Ok(own);
    }
    let global = vhosts::read(ctx.layout(), &Scope::Global)?;
    Ok(if global.is_empty() { vec![user::host_name()] } else { global })
}
