use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// The release lives: the app is started again after a boot. Its Procfile becomes the current one when the deploy is final.
pub struct Promote;

impl Reaction for Promote {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(properties::set(ctx.layout(), "ps", &Scope::from(&trigger.app), "restore", "true")?)
    }
}
