use crate::domains::logs::vector;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Forgets the settings.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::clear(ctx.layout(), "logs", &Scope::from(&trigger.app))?;
        vector::follow(ctx);
        Ok(())
    }
}
