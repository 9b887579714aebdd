use crate::domains::network::sync;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Brings the remembered addresses up to date with what the engine says.
pub struct Sync;

impl Reaction for Sync {
    type Trigger = triggers::NetworkBuildConfig;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        sync::sync(ctx, &trigger.app).await?;
        Ok(())
    }
}
