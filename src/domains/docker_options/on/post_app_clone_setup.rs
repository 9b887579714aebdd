use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// Gives a clone the options of its original.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(properties::copy(ctx.layout(), "docker-options", &trigger.old, &trigger.new)?)
    }
}
