use crate::kernel::{Ctx, Reaction, Result};
use crate::store::{addresses, properties};
use crate::triggers;

/// Gives a clone the settings of its original, but not the addresses of its containers.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        addresses::forget(ctx.layout(), &trigger.new)?;
        Ok(properties::copy(ctx.layout(), "network", &trigger.old, &trigger.new)?)
    }
}
