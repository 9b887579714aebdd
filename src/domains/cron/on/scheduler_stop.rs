use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// As Dokku does, where it is this host that runs the tasks. Those of a stopped app run on: `cron:set APP maintenance true` is
/// what stops them.
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
