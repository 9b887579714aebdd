use crate::domains::domains::switch;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Turns domains off for another domain or a plugin.
pub struct TurnOff;

impl Reaction for TurnOff {
    type Trigger = triggers::DomainsDisable;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        switch::off(ctx, &trigger.app).await
    }
}
