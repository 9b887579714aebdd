//! Where the proxy reaches a container.

use super::listeners;
use super::properties::PROPERTIES;
use crate::deploy::networks;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, ProcessType, Scope};
use crate::platform::docker::Container;
use crate::store::own_place;

/// The address of a container that the proxy can use; empty when it has none (it does not run).
///
/// # Errors
/// When the engine does not know the container.
pub async fn of(ctx: &Ctx, app: &AppName, process_type: &ProcessType, container: &str) -> Result<String> {
    if process_type.is_web() {
        let fixed = listeners::fixed_from_here(ctx, app)?;
        if !fixed.is_empty() {
            return Ok(listeners::host_of(&fixed).to_owned());
        }
    }
    let found = ctx.platform.docker.inspect_container(container).await.map_err(crate::model::Fault::from)?;
    of_found(ctx, app, &found).await
}

/// The same of a container that was looked at already, for an app without a fixed upstream.
///
/// # Errors
/// When the engine cannot be asked what else there is.
pub async fn of_found(ctx: &Ctx, app: &AppName, found: &Container) -> Result<String> {
    if found.host_config.network_mode == "host" {
        return Ok(own_place::gateway(ctx.layout())?);
    }
    let initial = PROPERTIES.computed(ctx, &Scope::from(app), "initial-network")?;
    let initial = if initial.is_empty() { "bridge".to_owned() } else { initial };
    let addressed = found.networks().values().filter(|endpoint| !endpoint.ip.is_empty()).count();
    if addressed < 2 {
        return Ok(in_networks(found, &[]));
    }
    let mut shared = networks::shared(ctx, found).await?;
    if shared.is_empty() || shared.contains(&initial) {
        shared.insert(0, initial);
    }
    Ok(in_networks(found, &shared))
}

/// Its address in the first of these networks where it has one, else in any.
fn in_networks(container: &Container, first: &[String]) -> String {
    let networks = container.networks();
    let preferred = first.iter().filter_map(|name| networks.get(name));
    let addresses = preferred.chain(networks.values()).map(|endpoint| &endpoint.ip);
    addresses.into_iter().find(|address| !address.is_empty()).cloned().unwrap_or_default()
}
