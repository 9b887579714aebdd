use crate::kernel::{Ctx, Reaction, Result};
use crate::store::variables;
use crate::triggers::PostDelete;

/// Forgets the variables.
pub struct OnPostDelete;

impl Reaction for OnPostDelete {
    type Trigger = PostDelete;

    async fn react(ctx: &Ctx, trigger: &PostDelete) -> Result {
        Ok(variables::remove(ctx.layout(), &trigger.app)?)
    }
}
