use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Plugins fire it by its older name; whoever writes a crontab listens to the newer one.
pub struct Rename;

impl Reaction for Rename {
    type Trigger = triggers::CronWrite;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        ctx.fire(triggers::SchedulerCronWrite { scheduler: trigger.scheduler.clone(), app: None }).await
    }
}
