use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// A stopped app is not started after a boot.
pub struct StayStopped;

impl Reaction for StayStopped {
    type Trigger = triggers::PostStop;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(properties::set(ctx.layout(), "ps", &Scope::from(&trigger.app), "restore", "false")?)
    }
}
