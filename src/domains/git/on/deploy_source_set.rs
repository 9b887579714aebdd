use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers::DeploySourceSet;

/// Forgets the image that the app came from once its code comes from elsewhere.
pub struct OnDeploySourceSet;

impl Reaction for OnDeploySourceSet {
    type Trigger = DeploySourceSet;

    async fn react(ctx: &Ctx, trigger: &DeploySourceSet) -> Result {
        if trigger.source_type == "docker-image" {
            return Ok(());
        }
        Ok(properties::unset(ctx.layout(), "git", &Scope::from(&trigger.app), "source-image")?)
    }
}
