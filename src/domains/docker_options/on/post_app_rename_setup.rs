use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Takes the options along.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "docker-options", &trigger.old, &trigger.new)?;
        Ok(properties::clear(ctx.layout(), "docker-options", &Scope::from(&trigger.old))?)
    }
}
