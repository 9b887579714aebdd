//! Where the proxy reaches a container.

use super::listeners;
use super::properties::PROPERTIES;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, ProcessType, Scope};
use crate::platform::docker::Container;

/// The address of a container that the proxy can use; empty when it has none (it does not run).
///
/// # Errors
/// When the engine does not know the container.
pub async fn of(ctx: &Ctx, app: &AppName, process_type: &ProcessType, container: &str) -> Result<String> {
    if process_type.is_web() {
        let fixed = listeners::fixed(ctx, app)?;
        if !fixed.is_empty() {
            return Ok(host_of(&fixed).to_owned());
        }
    }
    let network = PROPERTIES.computed(ctx, &Scope::from(app), "initial-network")?;
    let found = ctx.platform.docker.inspect_container(container).await.map_err(crate::model::Fault::from)?;
    Ok(in_network(&found, &network))
}

/// Its address in that network, `bridge` without a name; whatever address it has where that one has none.
fn in_network(container: &Container, network: &str) -> String {
    if container.host_config.network_mode == "host" {
        return "127.0.0.1".to_owned();
    }
    let networks = container.networks();
    let network = if network.is_empty() { "bridge" } else { network };
    let own = networks.get(network).map(|endpoint| endpoint.ip.clone()).unwrap_or_default();
    if !own.is_empty() {
        return own;
    }
    let others = networks.values().map(|endpoint| &endpoint.ip);
    others.into_iter().find(|address| !address.is_empty()).cloned().unwrap_or_default()
}

/// The host of `host:port`.
fn host_of(listener: &str) -> &str {
    let host = match listener.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        Some(_) | None => listener,
    };
    host.trim_start_matches('[').trim_end_matches(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_listener() {
        for (listener, host) in
            [("10.0.0.2:5000", "10.0.0.2"), ("10.0.0.2", "10.0.0.2"), ("[::1]:80", "::1"), ("[::1]", "::1")]
        {
            assert_eq!(host_of(listener), host);
        }
    }
}
