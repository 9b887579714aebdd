use crate::domains::docker_options::stored::{ALL, Phase, arguments};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Adds the options of builds.
pub struct Build;

impl Reaction for Build {
    type Trigger = triggers::DockerArgsBuild;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        arguments(ctx, &trigger.app, ALL, Phase::Build, &trigger.builder)
    }
}
