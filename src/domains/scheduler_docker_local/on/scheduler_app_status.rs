use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::docker::Filter;
use crate::store::processes;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Counts the containers of the app and looks which run.
pub struct Status;

impl Reaction for Status {
    type Trigger = triggers::SchedulerAppStatus;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(String::new());
        }
        let known = processes::running(ctx.layout(), &trigger.app)?;
        let filter = Filter::label(format!("com.dokku.app-name={}", trigger.app));
        let listed = ctx.platform.docker.list_containers(&filter).await?;
        let is_up = |id: &str| {
            let state = listed.iter().find(|one| one.id == id).map_or("", |one| one.state.as_str());
            matches!(state, "running" | "paused" | "restarting")
        };
        let up = known.iter().filter(|one| is_up(&one.id)).count();
        let state = match up {
            0 => "false",
            up if up == known.len() => "true",
            _ => "mixed",
        };
        Ok(format!("{} {state}\n", known.len()))
    }
}
