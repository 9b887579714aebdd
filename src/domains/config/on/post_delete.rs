use crate::kernel::{Ctx, Reaction, Result};
use crate::store::{config_history, variables};
use crate::triggers::PostDelete;

/// Forgets the variables, and how they came to be.
pub struct OnPostDelete;

impl Reaction for OnPostDelete {
    type Trigger = PostDelete;

    async fn react(ctx: &Ctx, trigger: &PostDelete) -> Result {
        config_history::forget(ctx.layout(), &trigger.app)?;
        Ok(variables::remove(ctx.layout(), &trigger.app)?)
    }
}
