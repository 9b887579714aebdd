use crate::deploy::one_offs;
use crate::domains::scheduler_docker_local::stopping;
use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::docker::RemoveContainer;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Stops one-off and cron containers that are past their time, and removes those that were never started.
pub struct Retire;

impl Reaction for Retire {
    type Trigger = triggers::SchedulerRunRetire;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if !trigger.scheduler.is_empty() && trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let quiet = ctx.out.unless_quiet();
        match &trigger.app {
            Some(app) => quiet.step(format!("Retiring run and cron containers for app {app}")),
            None => quiet.step("Retiring all run and cron containers"),
        }
        let now = ctx.platform.clock.now().as_second();
        for kind in ["run", "cron"] {
            let mut filter = one_offs::filter().and("label", format!("com.dokku.container-type={kind}"));
            if let Some(app) = &trigger.app {
                filter = filter.and("label", format!("com.dokku.app-name={app}"));
            }
            for one in ctx.platform.docker.list_containers(&filter).await? {
                let app = one.labels.get("com.dokku.app-name").and_then(|name| name.parse().ok());
                if let Some(app) = app.filter(|_| one_offs::is_past(&one, now)) {
                    quiet.detail(format!("Retiring container {}", one.id.get(..12).unwrap_or(&one.id)));
                    stopping::stop_all(ctx, &app, std::slice::from_ref(&one.id)).await?;
                    let how = RemoveContainer { force: true, volumes: true };
                    // One that removes itself may be at it: that is what was wanted.
                    let _ = ctx.platform.docker.remove_container(&one.id, how).await;
                }
            }
        }
        Ok(())
    }
}
