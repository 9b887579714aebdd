use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::apps;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Fails unless a container of the app is on record.
pub struct IsDeployed;

impl Reaction for IsDeployed {
    type Trigger = triggers::SchedulerIsDeployed;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        match apps::has_containers(ctx.layout(), &trigger.app)? {
            true => Ok(()),
            false => Err(Failure::inner(1)),
        }
    }
}
