use crate::domains::network::initial;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Makes containers in the app's initial network.
pub struct InitialNetwork;

impl Reaction for InitialNetwork {
    type Trigger = triggers::DockerArgsProcessDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        initial::option(ctx, &trigger.app)
    }
}
