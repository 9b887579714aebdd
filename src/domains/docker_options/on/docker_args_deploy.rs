use crate::domains::docker_options::stored::{ALL, Phase, arguments};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Adds the options of all of an app's containers.
pub struct Deploy;

impl Reaction for Deploy {
    type Trigger = triggers::DockerArgsDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        arguments(ctx, &trigger.app, ALL, Phase::Deploy, "")
    }
}
