//! The appliance joins the networks that its proxy must reach apps on, before a deploy needs them and never during
//! a switch.

use crate::deploy::container::ProcessPlan;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::run_plan::{NetworkJoin, RunPlan};
use crate::model::{AppName, PortMap};
use crate::platform::docker::{Filter, Network};
use crate::store::own_place::{self, OwnPlace};
use crate::store::ports;
use crate::triggers;

use super::attach::{attached, missing};
use super::own::{self, MARK};
use super::{gateway, is_user_defined, subnet};

/// Sees to it that the proxy reaches a container that was made and not started. Where the appliance joining a network
/// would move its own way out, the container joins the appliance's network instead.
///
/// # Errors
/// When a network is not there, or none can be joined.
pub async fn reach(ctx: &Ctx, process: &ProcessPlan, plan: &RunPlan, id: &str) -> Result {
    let Some(place) = own_place::read(ctx.layout())? else { return Ok(()) };
    let mut networks: Vec<String> = plan.network.iter().map(|join| join.name.clone()).collect();
    if networks.is_empty() || networks == ["default"] {
        networks = vec!["bridge".to_owned()];
    }
    let has_own = |network: &String| network != "bridge" && !is_user_defined(network);
    let is_reached = |networks: &[String]| networks.iter().any(|network| place.networks.contains(network));
    if place.is_on_host() || networks.iter().any(has_own) || is_reached(&networks) {
        return Ok(());
    }
    networks.extend(attached(ctx, &process.app, "attach-post-create")?);
    if is_reached(&networks) {
        return Ok(());
    }
    let is_led_to = is_led_to(ctx, &process.app, process.process_type.as_str())?;
    let _lock = own::lock(ctx).await?;
    meet(ctx, &place, &Unreached { app: &process.app, id, networks: &networks, is_led_to }).await
}

/// True when the proxy leads to processes of the type: to those of web, and to others that a mapping names.
pub(super) fn is_led_to(ctx: &Ctx, app: &AppName, process_type: &str) -> Result<bool> {
    let names = |map: &PortMap| map.process().as_str() == process_type;
    Ok(process_type == "web" || ports::routes(ctx.layout(), app)?.iter().any(names))
}

/// Sees to it that the proxy reaches an address that a network of the engine has. Any other address is left to the
/// host's routes.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn reach_address(ctx: &Ctx, app: &AppName, address: &str) -> Result {
    let Some(place) = own_place::read(ctx.layout())?.filter(|place| !place.is_on_host()) else {
        return Ok(());
    };
    let Some(network) = network_of(ctx, address).await?.filter(|found| !place.networks.contains(found))
    else {
        return Ok(());
    };
    let _lock = own::lock(ctx).await?;
    meet(ctx, &place, &Unreached { app, id: "", networks: &[network], is_led_to: false }).await
}

/// The network of the engine that has this address.
pub(super) async fn network_of(ctx: &Ctx, address: &str) -> Result<Option<String>> {
    let Ok(address) = address.parse() else { return Ok(None) };
    let all = ctx.platform.docker.list_networks(&Filter::all()).await?;
    let has = |network: &Network| network.subnets().any(|subnet| subnet::contains(subnet, address));
    Ok(all.into_iter().find(has).map(|network| network.name))
}

/// A container, and the networks it is in.
pub(super) struct Unreached<'a> {
    pub app: &'a AppName,
    pub id: &'a str,
    pub networks: &'a [String],
    /// Only what the proxy leads to may be taken into the appliance's network.
    pub is_led_to: bool,
}

/// Brings appliance and container together in one network, unless they are. The caller holds the lock.
pub(super) async fn meet(ctx: &Ctx, place: &OwnPlace, unreached: &Unreached<'_>) -> Result {
    let docker = &ctx.platform.docker;
    let ours = docker.inspect_container(&place.id).await?;
    if unreached.networks.iter().any(|network| ours.networks().contains_key(network)) {
        return Ok(());
    }
    let has_priorities = docker.version().await?.api >= gateway::WITH_PRIORITY;
    let all = docker.list_networks(&Filter::all()).await?;
    let mut refused = None;
    for network in unreached.networks {
        let is_it = |found: &&Network| found.name == *network || found.id == *network;
        let found = all.iter().find(is_it).ok_or_else(|| missing(network))?;
        if !has_priorities && gateway::moves(&ours, found, &all) {
            continue;
        }
        let aliases = if is_user_defined(network) { vec![MARK.to_owned()] } else { Vec::new() };
        let gw_priority = has_priorities.then_some(-1);
        let join = NetworkJoin { aliases, gw_priority, ..NetworkJoin::named(network.clone()) };
        match docker.connect_network(&join, &place.id).await {
            Ok(()) => return Ok(()),
            Err(error) => refused = Some(error),
        }
    }
    let Some(network) = gateway::way_out(&ours, &all).filter(|_| unreached.is_led_to) else {
        return refused.map_or(Ok(()), |error| Err(error.into()));
    };
    let app = unreached.app;
    ctx.out.detail(format!("{app} joins the network {network} too, where the proxy is"));
    let join = NetworkJoin::named(network);
    let joined = docker.connect_network(&join, unreached.id).await;
    joined.map_err(|error| {
        Failure::user(format!("The proxy cannot reach {app}: {error}")).hint(format!(
            "Put it into a network that the appliance can join: network:set {app} initial-network …"
        ))
    })
}

/// Brings a proxy that runs in a container of its own, by its id, together with a web container of an app (by its id,
/// and the networks it is in), as the appliance is.
///
/// # Errors
/// When a network is not there, or none can be joined.
pub async fn bring_together(ctx: &Ctx, proxy: &str, app: &AppName, web: (&str, &[String])) -> Result {
    let (id, networks) = web;
    if networks.iter().any(|network| network == "host" || network == "none") {
        return Ok(());
    }
    let place = OwnPlace { id: proxy.to_owned(), ..OwnPlace::default() };
    let _lock = own::lock(ctx).await?;
    meet(ctx, &place, &Unreached { app, id, networks, is_led_to: true }).await
}

/// Whether a container could not join a network without its own way out being moved, so that it is the others that
/// have to come.
///
/// # Errors
/// When the engine cannot be asked, or the network is not there.
pub async fn would_move(ctx: &Ctx, container: &str, network: &str) -> Result<bool> {
    let docker = &ctx.platform.docker;
    let ours = docker.inspect_container(container).await?;
    if ours.networks().contains_key(network) || docker.version().await?.api >= gateway::WITH_PRIORITY {
        return Ok(false);
    }
    let all = docker.list_networks(&Filter::all()).await?;
    let found = all.iter().find(|one| one.name == network).ok_or_else(|| missing(network))?;
    Ok(gateway::moves(&ours, found, &all))
}

/// Refuses a web process where nothing at all could reach it.
///
/// # Errors
/// For a web process without network that the proxy is to lead to.
pub async fn require_route(ctx: &Ctx, process: &ProcessPlan, plan: &RunPlan) -> Result {
    let app = &process.app;
    let is_alone = plan.network.iter().any(|join| join.name == "none");
    if !is_alone || process.port.is_none() || !ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await?
    {
        return Ok(());
    }
    let process_type = process.process_type.to_string();
    let fixed = triggers::NetworkGetStaticListeners { app: app.clone(), process_type };
    if !ctx.fire(fixed).await?.trim().is_empty() {
        return Ok(());
    }
    Err(Failure::user(format!("{} of {app} has no network (none), so that the proxy cannot reach it", process.process_type))
        .hint(format!("Give it one (network:set {app} initial-network …, or docker-options), or do without: proxy:disable {app}")))
}
