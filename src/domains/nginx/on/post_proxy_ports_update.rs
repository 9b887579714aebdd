use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Answers on the new ports.
pub struct Rebuild;

impl Reaction for Rebuild {
    type Trigger = triggers::PostProxyPortsUpdate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        build::build(ctx, &trigger.app).await
    }
}
