use crate::domains::docker_options::stored::{ALL, Phase, arguments};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Adds the options of one-off containers.
pub struct Run;

impl Reaction for Run {
    type Trigger = triggers::DockerArgsRun;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        arguments(ctx, &trigger.app, ALL, Phase::Run, "")
    }
}
