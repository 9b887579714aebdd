use crate::domains::nginx::written::Written;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// Gives a clone the settings of its original, but not its routes.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "nginx", &trigger.old, &trigger.new)?;
        Written::default().write(ctx, &trigger.new)
    }
}
