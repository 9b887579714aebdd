use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers::DeploySourceSet;

/// Remembers where the code came from.
pub struct OnDeploySourceSet;

impl Reaction for OnDeploySourceSet {
    type Trigger = DeploySourceSet;

    async fn react(ctx: &Ctx, trigger: &DeploySourceSet) -> Result {
        let scope = Scope::from(&trigger.app);
        properties::set(ctx.layout(), "apps", &scope, "deploy-source", &trigger.source_type)?;
        Ok(properties::set(ctx.layout(), "apps", &scope, "deploy-source-metadata", &trigger.metadata)?)
    }
}
