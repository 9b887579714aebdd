//! Which ports an app needs published.

use std::collections::BTreeSet;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::model::port_map::{self, OutsidePort, PortMap};
use crate::store::{forwarders, ports, published_ports};
use crate::triggers;

/// The ports that the app's mappings stand on and nobody publishes, with these as the user's list. What a build found
/// exposed does not count: such an app answers on the proxy port. But one without domains has a port of its own.
///
/// # Errors
/// When what it depends on cannot be read.
pub async fn of(ctx: &Ctx, app: &AppName, user: &[PortMap]) -> Result<BTreeSet<OutsidePort>> {
    let Some(published) = published_ports::read(ctx.layout())? else { return Ok(BTreeSet::new()) };
    let mut needed: BTreeSet<OutsidePort> = user.iter().map(OutsidePort::of).collect();
    if !user.iter().any(PortMap::is_whole) {
        needed.extend(of_its_own(ctx, app).await?);
    }
    needed.retain(|port| !published.publishes(*port));
    if needed.is_empty() || !is_served(ctx, app).await? {
        return Ok(BTreeSet::new());
    }
    Ok(needed)
}

async fn of_its_own(ctx: &Ctx, app: &AppName) -> Result<Vec<OutsidePort>> {
    if ctx.fire(triggers::DomainsVhostEnabled { app: app.clone() }).await.is_ok() {
        return Ok(Vec::new());
    }
    let own = ports::own_proxy_port(ctx.layout(), &app.into(), ports::ProxyPort::Plain)?;
    let answer = ctx.fire(triggers::PortsGet { app: app.clone(), format: String::new() }).await?;
    let is_own = |map: &PortMap| Some(map.host_port) == own && map.scheme.has_paths();
    Ok(port_map::stored(&answer).iter().filter(|map| is_own(map)).map(OutsidePort::of).collect())
}

/// Only nginx takes what forwarders hand on.
async fn is_served(ctx: &Ctx, app: &AppName) -> Result<bool> {
    Ok(ctx.fire(triggers::ProxyType { app: app.clone() }).await? == "nginx"
        && ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await?)
}

/// The same for all apps, where forwarders are not turned off.
///
/// # Errors
/// As [`of`].
pub async fn of_all(ctx: &Ctx) -> Result<BTreeSet<OutsidePort>> {
    let mut needed = BTreeSet::new();
    for app in crate::store::apps::all(ctx.layout())? {
        needed.extend(of_stored(ctx, &app).await?);
    }
    Ok(needed)
}

/// What an app needs by its stored mappings, where forwarders are not turned off.
///
/// # Errors
/// As [`of`].
pub async fn of_stored(ctx: &Ctx, app: &AppName) -> Result<BTreeSet<OutsidePort>> {
    let needed = of(ctx, app, &ports::user(ctx.layout(), app)?).await?;
    Ok(if needed.is_empty() || forwarders::is_on(ctx.layout(), app)? { needed } else { BTreeSet::new() })
}

/// What a command says that needs ports which nobody is to publish.
pub fn off(app: &AppName, needed: &BTreeSet<OutsidePort>) -> Failure {
    let list = |text: fn(OutsidePort) -> String| needed.iter().map(|port| text(*port)).collect::<Vec<_>>();
    let ports = list(|port| port.to_string()).join(", ");
    let flags = list(OutsidePort::flag).join(" ");
    Failure::user(format!(
        "The appliance's container does not publish {ports}, and {} is false",
        forwarders::PROPERTY
    ))
    .hint(format!("start it anew with {flags} added to its run line"))
    .hint(format!("or have it published beside: dokku proxy:set {app} {} true", forwarders::PROPERTY))
}
