use super::super::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// Adds the restart policy.
pub struct RestartPolicy;

impl Reaction for RestartPolicy {
    type Trigger = triggers::DockerArgsProcessDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let policy = PROPERTIES.computed(ctx, &Scope::from(&trigger.app), "restart-policy")?;
        Ok(format!(" --restart={policy}"))
    }
}
