use crate::domains::scheduler_docker_local::one_off;
use crate::domains::scheduler_docker_local::stopping;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Stops one-off containers.
pub struct Stop;

impl Reaction for Stop {
    type Trigger = triggers::SchedulerRunStop;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let app = match &trigger.app {
            Some(app) => app.clone(),
            None if trigger.container.is_empty() => {
                return Err(Failure::user("No container or app specified"));
            }
            None => one_off::app_of(&trigger.container)?,
        };
        ctx.require_app(&app)?;
        let listed = one_off::list(ctx, &app).await?;
        let is_meant = |name: &str| trigger.container.is_empty() || name == trigger.container;
        let meant: Vec<_> = listed.iter().filter(|one| is_meant(one.name())).collect();
        if meant.is_empty() && trigger.container.is_empty() {
            ctx.out.unless_quiet().plain("No run containers exist");
        } else if meant.is_empty() {
            ctx.out.warn("Specified container does not exist");
        }
        for one in &meant {
            stopping::stop(ctx, &app, &one.id).await?;
            ctx.out.plain(one.name());
        }
        Ok(())
    }
}
