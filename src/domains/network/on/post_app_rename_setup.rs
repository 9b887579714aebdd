use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::{addresses, properties};
use crate::triggers;

/// Takes the settings along, but not the addresses of containers that are about to go.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        addresses::forget(ctx.layout(), &trigger.new)?;
        properties::copy(ctx.layout(), "network", &trigger.old, &trigger.new)?;
        Ok(properties::clear(ctx.layout(), "network", &Scope::from(&trigger.old))?)
    }
}
