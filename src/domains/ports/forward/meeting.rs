//! The network where forwarders meet the appliance. Nobody else is in it, and the appliance's address there never
//! changes: so nginx can be told, once, where to believe who says for whom he comes.

use std::net::Ipv4Addr;

use crate::deploy::networks;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::Fault;
use crate::platform::docker::{Container, NetworkPlan, OrGone};
use crate::store::forwarders::Meeting;

/// What the network is known by.
const LABEL: &str = "com.dokku.network";

/// How often another subnet is tried, should somebody else take the one that was free.
const TRIES: u32 = 3;

/// The network, with the appliance in it. `known` is the one of before, if there was one.
///
/// # Errors
/// When the engine makes none, or the appliance cannot join.
pub async fn hold(ctx: &Ctx, own: &Container, known: Option<&Meeting>) -> Result<Meeting> {
    let docker = &ctx.platform.docker;
    let meeting = match known {
        Some(meeting) => match docker.inspect_network(&meeting.network).await {
            Ok(found) if found.subnets().any(|subnet| subnet == meeting.subnet) => meeting.clone(),
            Ok(_) => make(ctx, own).await?,
            Err(error) if error.is_not_found() => match make_with(ctx, meeting).await {
                Ok(()) => meeting.clone(),
                Err(_) => make(ctx, own).await?,
            },
            Err(error) => return Err(error.into()),
        },
        None => make(ctx, own).await?,
    };
    networks::join_at(ctx, own, &meeting.network, meeting.address).await?;
    Ok(meeting)
}

/// Leaves the network, and removes it.
///
/// # Errors
/// When somebody else is in it, or the engine cannot be asked.
pub async fn end(ctx: &Ctx, own: &Container, meeting: &Meeting) -> Result {
    let docker = &ctx.platform.docker;
    if own.networks().contains_key(&meeting.network) {
        docker.disconnect_network(&meeting.network, &own.id, true).await.or_gone()?;
    }
    Ok(docker.remove_network(&meeting.network).await.or_gone()?)
}

async fn make(ctx: &Ctx, own: &Container) -> Result<Meeting> {
    let network = format!("{}-ports", own.name);
    // One that an appliance of this name left behind stands in the way.
    if let Ok(found) = ctx.platform.docker.inspect_network(&network).await
        && found.labels.contains_key(LABEL)
    {
        ctx.platform.docker.remove_network(&network).await.or_gone()?;
    }
    let mut last = None;
    for _ in 0..TRIES {
        let meeting = chosen(ctx, &network).await?;
        match make_with(ctx, &meeting).await {
            Ok(()) => return Ok(meeting),
            Err(failure) => last = Some(failure),
        }
    }
    Err(last.unwrap_or_else(|| Failure::internal("no subnet was tried")))
}

/// Addresses that are free: those that the engine would choose. Only a network with addresses that were asked for has
/// members with addresses that were asked for.
async fn chosen(ctx: &Ctx, network: &str) -> Result<Meeting> {
    let docker = &ctx.platform.docker;
    let trial = NetworkPlan { name: network.to_owned(), internal: true, ..NetworkPlan::default() };
    docker.create_network(&trial).await.map_err(Fault::from)?;
    let found = docker.inspect_network(network).await;
    docker.remove_network(network).await.map_err(Fault::from)?;
    let found = found.map_err(Fault::from)?;
    let base = found.subnets().find_map(|subnet| subnet.split_once('/')?.0.parse::<Ipv4Addr>().ok());
    let base = base.ok_or_else(|| Failure::user("The engine gives away no IPv4 addresses"))?;
    let [a, b, c, _] = base.octets();
    Ok(Meeting {
        network: network.to_owned(),
        subnet: format!("{a}.{b}.{c}.0/24"),
        address: Ipv4Addr::new(a, b, c, 2),
    })
}

async fn make_with(ctx: &Ctx, meeting: &Meeting) -> Result {
    let [a, b, c, _] = meeting.address.octets();
    let plan = NetworkPlan {
        name: meeting.network.clone(),
        internal: true,
        subnet: Some(meeting.subnet.clone()),
        // The upper half, so that no forwarder takes the appliance's address while that is away.
        ip_range: Some(format!("{a}.{b}.{c}.128/25")),
        labels: [(LABEL.to_owned(), "ports".to_owned())].into(),
        ..NetworkPlan::default()
    };
    ctx.platform.docker.create_network(&plan).await.map_err(Fault::from)?;
    Ok(())
}
