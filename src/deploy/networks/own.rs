//! The networks that the appliance is in: which are its own, and which it joined for the sake of apps.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use crate::deploy::companion;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::run_plan::NetworkJoin;
use crate::model::{AppName, Outcome};
use crate::platform::docker::{Container, Endpoint, Filter};
use crate::platform::lock::Lock;
use crate::store::{forwarders, own_place};
use crate::triggers;

use super::gateway;
use super::reach::{Unreached, is_led_to, meet, network_of};

/// The appliance's alias in networks that it joined by itself. Thus the engine remembers for us which these are,
/// through every restart.
pub(super) const MARK: &str = "joined-by-dokku";

/// Which networks a running container shares with the appliance, those first that are the appliance's own. Empty when
/// that is not known.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn shared(ctx: &Ctx, container: &Container) -> Result<Vec<String>> {
    let Some(place) = own_place::read(ctx.layout())? else { return Ok(Vec::new()) };
    let theirs = container.networks();
    let known: Vec<String> =
        place.networks.iter().filter(|name| theirs.contains_key(*name)).cloned().collect();
    if !known.is_empty() || place.is_on_host() {
        return Ok(known);
    }
    let ours = ctx.platform.docker.inspect_container(&place.id).await?;
    Ok(ours.networks().keys().filter(|name| theirs.contains_key(*name)).cloned().collect())
}

/// Leaves a network that is about to go.
///
/// # Errors
/// When other containers are in it, or it is the one that the appliance itself needs.
pub async fn leave(ctx: &Ctx, network: &str) -> Result {
    let docker = &ctx.platform.docker;
    let place = own_place::read(ctx.layout())?;
    let own_id = place.as_ref().map_or("", |place| &place.id);
    let _lock = lock(ctx).await?;
    let members = docker.inspect_network(network).await?.containers;
    // Proxies in containers of their own have joined for the sake of apps, as the appliance has.
    let beside = docker.list_containers(&Filter::label(companion::MADE_OF)).await?;
    let is_beside = |id: &String| beside.iter().any(|one| one.id == *id);
    let is_other = |id: &String| id != own_id && !is_beside(id);
    let mut others: Vec<&str> =
        members.iter().filter(|(id, _)| is_other(id)).map(|(_, member)| member.name.as_str()).collect();
    if !others.is_empty() {
        others.sort_unstable();
        return Err(Failure::user(format!("Unable to destroy network: {network} has active endpoints"))
            .hint(format!("These containers are in it: {}", others.join(", "))));
    }
    if place.as_ref().is_some_and(|place| place.networks == [network]) {
        return Err(Failure::user(format!("Unable to destroy network: {network} is the appliance's own")));
    }
    for id in members.keys().filter(|id| is_beside(id)) {
        docker.disconnect_network(network, id, false).await?;
    }
    let Some(place) = place.filter(|place| members.contains_key(&place.id)) else { return Ok(()) };
    Ok(docker.disconnect_network(network, &place.id, false).await?)
}

/// Joins a network that leads nowhere, at an address that is to be the appliance's there, unless it is in it.
///
/// # Errors
/// When the engine refuses; another may have the address.
pub async fn join_at(ctx: &Ctx, own: &Container, network: &str, address: Ipv4Addr) -> Result {
    let _lock = lock(ctx).await?;
    let docker = &ctx.platform.docker;
    if let Some(endpoint) = docker.inspect_container(&own.id).await?.networks().get(network) {
        if endpoint.ip == address.to_string() {
            return Ok(());
        }
        docker.disconnect_network(network, &own.id, true).await?;
    }
    let has_priorities = docker.version().await?.api >= gateway::WITH_PRIORITY;
    let join = NetworkJoin {
        aliases: vec![MARK.to_owned()],
        ip: Some(address.to_string()),
        gw_priority: has_priorities.then_some(-1),
        ..NetworkJoin::named(network)
    };
    Ok(docker.connect_network(&join, &own.id).await?)
}

/// Joins what apps that are there need, and leaves what no app needs any more.
///
/// # Errors
/// When the engine cannot be asked. A container that cannot be met is told of, and the others are met.
pub async fn tend(ctx: &Ctx) -> Result {
    let docker = &ctx.platform.docker;
    let Some(place) = own_place::read(ctx.layout())?.filter(|place| !place.is_on_host()) else {
        return Ok(());
    };
    let _lock = lock(ctx).await?;
    let mut needed: BTreeSet<String> = BTreeSet::new();
    for container in docker.list_containers(&Filter::label("com.dokku.container-type=deploy")).await? {
        let networks: Vec<String> = container.networks().keys().cloned().collect();
        let is_elsewhere = networks.iter().any(|network| network == "host" || network == "none");
        if is_elsewhere || networks.is_empty() || networks.iter().any(|name| place.networks.contains(name)) {
            continue;
        }
        let label = |key: &str| container.labels.get(key).map(String::as_str).unwrap_or_default();
        let Ok(app) = label("com.dokku.app-name").parse::<AppName>() else { continue };
        let is_led_to = is_led_to(ctx, &app, label("com.dokku.process-type"))?;
        let unreached = Unreached { app: &app, id: &container.id, networks: &networks, is_led_to };
        if let Err(failure) = meet(ctx, &place, &unreached).await {
            ctx.out.warn(format!("The proxy does not reach {app}: {failure}"));
        }
        needed.extend(networks);
    }
    for app in ctx.apps()? {
        if let Some(network) = of_fixed_upstream(ctx, &app).await?
            && !place.networks.contains(&network)
        {
            let unreached =
                Unreached { app: &app, id: "", networks: std::slice::from_ref(&network), is_led_to: false };
            meet(ctx, &place, &unreached).await?;
            needed.insert(network);
        }
    }
    // There forwarders meet it, whatever apps there are.
    let known = forwarders::read(ctx.layout())?;
    needed.extend(known.meeting.filter(|_| !known.ports.is_empty()).map(|meeting| meeting.network));
    let ours = docker.inspect_container(&place.id).await?;
    let joined = ours.networks().iter().filter(|(_, endpoint)| is_ours(endpoint));
    for (network, _) in joined.filter(|(name, _)| !needed.contains(*name)) {
        docker.disconnect_network(network, &place.id, false).await?;
        ctx.out.detail(format!("No app is in the network {network} any more: left"));
    }
    Ok(())
}

/// The network that the fixed upstream of an app stands in, if it has one and it does.
async fn of_fixed_upstream(ctx: &Ctx, app: &AppName) -> Result<Option<String>> {
    let asked = triggers::NetworkGetStaticListeners { app: app.clone(), process_type: "web".to_owned() };
    let fixed = ctx.fire(asked).await?;
    match fixed.trim().rsplit_once(':').map_or(fixed.trim(), |(host, _)| host) {
        "" => Ok(None),
        host => network_of(ctx, host.trim_matches(['[', ']'])).await,
    }
}

/// True for a network that the appliance joined by itself.
pub fn is_ours(endpoint: &Endpoint) -> bool {
    endpoint.aliases.iter().any(|alias| alias == MARK)
}

/// So that nobody leaves what another is about to need.
pub(super) async fn lock(ctx: &Ctx) -> Result<Lock> {
    let path = ctx.layout().own_networks_lock();
    let taken = tokio::task::spawn_blocking(move || Lock::take(&path)).await;
    let lock: Outcome<Lock> =
        taken.map_err(|error| Failure::internal(format!("cannot wait for a lock: {error}")))?;
    Ok(lock?)
}
