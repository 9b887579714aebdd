use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Takes settings and logins along: they are in one folder.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let layout = ctx.layout();
        properties::copy(layout, "registry", &trigger.old, &trigger.new)?;
        Ok(properties::clear(layout, "registry", &Scope::from(&trigger.old))?)
    }
}
