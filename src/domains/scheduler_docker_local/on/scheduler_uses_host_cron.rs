use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Cron tasks of its apps are run by this host.
pub struct UsesHostCron;

impl Reaction for UsesHostCron {
    type Trigger = triggers::SchedulerUsesHostCron;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(String::new());
        }
        let _ = ctx;
        Ok("true\n".to_owned())
    }
}
