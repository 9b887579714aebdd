use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Tasks of a stopped app must not run, where it is this host that runs them.
pub struct Rewrite;

impl Reaction for Rewrite {
    type Trigger = triggers::SchedulerStop;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let scheduler = trigger.scheduler.clone();
        let asked = triggers::SchedulerUsesHostCron { scheduler: scheduler.clone() };
        if ctx.fire(asked).await?.trim() != "true" {
            return Ok(());
        }
        ctx.fire(triggers::SchedulerCronWrite { scheduler, app: Some(trigger.app.clone()) }).await
    }
}
