use crate::deploy::networks::attached;
use crate::domains::network::initial;
use crate::domains::network::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// Makes containers of a build in the app's initial network. A build from a Dockerfile is BuildKit's, which knows
/// the engine's own networks alone: that is said.
pub struct InitialNetwork;

impl Reaction for InitialNetwork {
    type Trigger = triggers::DockerArgsProcessBuild;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let app = &trigger.app;
        if trigger.builder != "dockerfile" {
            return initial::option(ctx, app);
        }
        let mut networks = attached(ctx, app, "attach-post-create")?;
        networks.insert(0, PROPERTIES.computed(ctx, &Scope::from(app), "initial-network")?);
        networks.retain(|network| !matches!(network.as_str(), "" | "bridge" | "default"));
        if !networks.is_empty() {
            let networks = networks.join(", ");
            ctx.out
                .warn(format!("BuildKit builds on no network of yours: not in {networks} during the build"));
        }
        Ok(String::new())
    }
}
