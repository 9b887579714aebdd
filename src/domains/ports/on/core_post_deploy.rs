use crate::domains::ports::forward;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Publishes the port of an app that has one of its own.
pub struct Publish;

impl Reaction for Publish {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        forward::follow(ctx, &trigger.app).await
    }
}
