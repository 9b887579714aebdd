use crate::domains::logs::vector;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Takes the settings along.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "logs", &trigger.old, &trigger.new)?;
        properties::clear(ctx.layout(), "logs", &Scope::from(&trigger.old))?;
        vector::follow(ctx);
        Ok(())
    }
}
