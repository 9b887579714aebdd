use crate::domains::ports::forward;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Takes back published ports that no mapping needs any more.
pub struct TakeBack;

impl Reaction for TakeBack {
    type Trigger = triggers::PostProxyPortsUpdate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        forward::follow(ctx, &trigger.app).await
    }
}
