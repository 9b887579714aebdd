use crate::domains::ports::configure;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Decides the ports that the proxy listens on for an app.
pub struct Configure;

impl Reaction for Configure {
    type Trigger = triggers::PortsConfigure;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        configure::configure(ctx, &trigger.app).await
    }
}
