use crate::domains::scheduler_docker_local::belonging;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::docker::{OrGone, RemoveContainer};
use crate::platform::files;
use crate::store::{properties, retired};
use crate::triggers;

/// Forgets the settings and what failed, and removes what is left of the containers.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        properties::clear(ctx.layout(), "scheduler-docker-local", &Scope::from(app))?;
        retired::remove_folder(ctx.layout(), app)?;
        // What the last deploy wrote down about itself.
        files::remove_folder(&ctx.layout().app_data("deploys", app))?;
        let docker = &ctx.platform.docker;
        for one in belonging::containers(ctx, app).await? {
            let how = RemoveContainer { force: true, volumes: true };
            docker.remove_container(&one.id, how).await.or_gone()?;
        }
        Ok(())
    }
}
