//! Ports of the host that a companion asks for: whoever has one already is told by name, before anything is touched.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::RunPlan;
use crate::platform::docker::{ContainerSummary, Filter};
use crate::store::{own_place, published_ports};

use super::find::LABEL;

/// Fails when the appliance, or another container on the engine, publishes a port that the plan asks for.
///
/// # Errors
/// Then; and when the engine cannot be asked.
pub async fn require(ctx: &Ctx, companion: &str, plan: &RunPlan) -> Result {
    let wanted: Vec<u16> = plan
        .publish
        .iter()
        .filter(|port| port.protocol == "tcp")
        .filter_map(|port| port.host.as_ref()?.parse().ok())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let published = published_ports::read(ctx.layout())?.unwrap_or_default();
    for port in &wanted {
        let inner = published.tcp.iter().find(|(_, outer)| outer.contains(port));
        if let Some((inner, _)) = inner {
            return Err(Failure::user(format!("Port {port} of the host is the appliance's own: it leads to its port {inner}"))
                .hint(format!(
                    "Start the appliance with another port there (docker run -p 8080:{inner} … instead of -p {port}:{inner}),"
                ))
                .hint(format!("or have {companion} take another port ({companion}:set --global has properties for them)")));
        }
    }
    let own_id = own_place::read(ctx.layout())?.map(|place| place.id).unwrap_or_default();
    let is_other = |one: &ContainerSummary| {
        one.id != own_id
            && one.state == "running"
            && one.labels.get(LABEL).is_none_or(|project| project != companion)
    };
    for other in ctx.platform.docker.list_containers(&Filter::all()).await?.iter().filter(|one| is_other(one))
    {
        let taken = other.ports.iter().find(|port| port.host.is_some_and(|host| wanted.contains(&host)));
        if let Some(port) = taken.and_then(|port| port.host) {
            return Err(Failure::user(format!(
                "Port {port} of the host is taken by the container {}",
                other.name()
            ))
            .hint(format!("Stop that one, or have {companion} take another port")));
        }
    }
    Ok(())
}
