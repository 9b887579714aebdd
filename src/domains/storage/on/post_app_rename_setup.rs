use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Takes the mounts along.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "storage", &trigger.old, &trigger.new)?;
        Ok(properties::clear(ctx.layout(), "storage", &Scope::from(&trigger.old))?)
    }
}
