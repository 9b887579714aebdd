use crate::domains::docker_options::stored::{Phase, arguments};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Adds the options of one process type.
pub struct DeployOne;

impl Reaction for DeployOne {
    type Trigger = triggers::DockerArgsProcessDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        match &trigger.process_type {
            Some(process_type) => {
                arguments(ctx, &trigger.app, process_type.as_str(), Phase::Deploy, &trigger.builder)
            }
            None => Ok(String::new()),
        }
    }
}
