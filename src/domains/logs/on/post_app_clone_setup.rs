use crate::domains::logs::vector;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// Gives a clone the settings of its original.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "logs", &trigger.old, &trigger.new)?;
        vector::follow(ctx);
        Ok(())
    }
}
