use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `scheduler-deploy` for docker-local: new containers on this engine.
pub struct SchedulerDeploy;

impl Reaction for SchedulerDeploy {
    type Trigger = triggers::SchedulerDeploy;

    async fn react(ctx: &Ctx, trigger: &triggers::SchedulerDeploy) -> Result {
        match trigger.scheduler.as_str() {
            "docker-local" => deploy::roll_out(ctx, &trigger.app, trigger.process_type.as_ref()).await,
            _ => Ok(()),
        }
    }
}
