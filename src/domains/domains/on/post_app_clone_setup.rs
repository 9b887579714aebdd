use crate::domains::domains::defaults;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::vhosts;
use crate::triggers;

/// Gives a clone default domains of its own: two apps cannot answer to the same name.
pub struct StartAnew;

impl Reaction for StartAnew {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        vhosts::remove(ctx.layout(), &Scope::from(&trigger.new))?;
        defaults::set_up(&ctx.silenced(), &trigger.new).await
    }
}
