use crate::domains::ports::clear;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Forgets all mappings of an app for another domain or a plugin.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PortsClear;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        clear::clear(ctx, &trigger.app)
    }
}
