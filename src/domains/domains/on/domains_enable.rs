use crate::domains::domains::switch;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Turns domains on for another domain or a plugin.
pub struct TurnOn;

impl Reaction for TurnOn {
    type Trigger = triggers::DomainsEnable;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        switch::on(ctx, &trigger.app).await
    }
}
