use crate::domains::cron::crontab;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Writes the crontab anew, where it is this host that runs the tasks of that scheduler.
pub struct Write;

impl Reaction for Write {
    type Trigger = triggers::SchedulerCronWrite;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let scheduler = &trigger.scheduler;
        if !scheduler.is_empty() && !crontab::runs_here(ctx, scheduler).await? {
            return Ok(());
        }
        crontab::write(ctx).await
    }
}
