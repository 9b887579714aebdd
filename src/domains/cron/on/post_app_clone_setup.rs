use crate::domains::cron::DOMAIN;
use crate::domains::cron::on::move_tasks;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// Gives a clone the settings of its original; what was suspended there is suspended here.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), DOMAIN.plugin, &trigger.old, &trigger.new)?;
        move_tasks(ctx, &trigger.old, &trigger.new)
    }
}
