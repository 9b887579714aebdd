use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Takes the values along.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "resource", &trigger.old, &trigger.new)?;
        Ok(properties::clear(ctx.layout(), "resource", &Scope::from(&trigger.old))?)
    }
}
