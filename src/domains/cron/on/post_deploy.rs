use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::{self, scheduler_of};

/// The new release may have other tasks.
pub struct Rewrite;

impl Reaction for Rewrite {
    type Trigger = triggers::PostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (scheduler, app) = (scheduler_of(ctx, &trigger.app).await?, Some(trigger.app.clone()));
        ctx.fire(triggers::SchedulerCronWrite { scheduler, app }).await
    }
}
