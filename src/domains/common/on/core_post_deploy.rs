use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// Remembers that the app has been deployed: what runs on a first deploy only, runs no more.
pub struct Deployed;

impl Reaction for Deployed {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(properties::set(ctx.layout(), "common", &(&trigger.app).into(), "deployed", "true")?)
    }
}
