use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::{self, scheduler_of};

/// Tasks of an app that is gone must not run any more.
pub struct Rewrite;

impl Reaction for Rewrite {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (scheduler, app) = (scheduler_of(ctx, &trigger.app).await?, Some(trigger.app.clone()));
        ctx.fire(triggers::SchedulerCronWrite { scheduler, app }).await
    }
}
