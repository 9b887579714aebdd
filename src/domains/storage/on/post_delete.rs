use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Forgets the mounts. What was mounted stays, and so do the entries, which others may use.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(properties::clear(ctx.layout(), "storage", &Scope::from(&trigger.app))?)
    }
}
