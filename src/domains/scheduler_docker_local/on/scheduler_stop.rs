use crate::domains::scheduler_docker_local::{belonging, stopping};
use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::docker::{OrGone, RemoveContainer};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Stops all containers of the app, one-off ones too.
pub struct Stop;

impl Reaction for Stop {
    type Trigger = triggers::SchedulerStop;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let app = &trigger.app;
        let docker = &ctx.platform.docker;
        let listed = belonging::containers(ctx, app).await?;
        let up: Vec<String> = listed
            .iter()
            .filter(|one| matches!(one.state.as_str(), "running" | "paused" | "restarting"))
            .map(|one| one.id.clone())
            .collect();
        stopping::stop_all(ctx, app, &up).await?;
        if trigger.remove_containers == Some(true) {
            for one in listed {
                let how = RemoveContainer { force: true, volumes: true };
                docker.remove_container(&one.id, how).await.or_gone()?;
            }
        }
        Ok(())
    }
}
