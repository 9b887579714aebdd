use futures_util::future::join_all;

use crate::deploy;
use crate::domains::scheduler_docker_local::stopping;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::AppName;
use crate::platform::docker::{DockerError, Filter, OrGone, RemoveContainer, RemoveImage};
use crate::store::retired::{Retired, Waiting};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Removes containers and images whose time has come.
pub struct Retire;

impl Reaction for Retire {
    type Trigger = triggers::SchedulerRetire;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if !trigger.scheduler.is_empty() && trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let now = ctx.platform.clock.now().as_second();
        let is_due =
            |one: &Waiting| one.since < now && trigger.app.as_ref().is_none_or(|app| *app == one.app);
        let due: Vec<Waiting> = Retired::Container.all(ctx.layout())?.into_iter().filter(is_due).collect();
        // Side by side: each may take its whole time to stop.
        for outcome in join_all(due.iter().map(|one| container(ctx, one))).await {
            outcome?;
        }
        for one in Retired::Image.all(ctx.layout())?.into_iter().filter(is_due) {
            image(ctx, &one).await?;
        }
        Ok(())
    }
}
async fn container(ctx: &Ctx, one: &Waiting) -> Result {
    let Waiting { app, id, .. } = one;
    ctx.out.unless_quiet().detail(format!("Attempting to retire {app} container {id}"));
    let removed = match stopping::stop(ctx, app, id).await {
        Ok(()) => {
            let how = RemoveContainer { force: true, volumes: true };
            ctx.platform.docker.remove_container(id, how).await.or_gone().map_err(Into::into)
        }
        Err(failure) => Err(failure),
    };
    match removed {
        Ok(()) => Ok(Retired::Container.forget(ctx.layout(), id)?),
        Err(failure) => {
            ctx.out.warn(format!("Container {id} still running: {failure}"));
            ctx.fire(triggers::RetireContainerFailed { app: app.clone(), container_id: id.clone() }).await
        }
    }
}

async fn image(ctx: &Ctx, one: &Waiting) -> Result {
    let Waiting { app, id, .. } = one;
    let name = format!("sha256:{id}");
    if deploy::is_needed(ctx, &name).await? {
        // A release that can be returned to: its image goes with it.
        return Ok(Retired::Image.forget(ctx.layout(), id)?);
    }
    let how = RemoveImage::default();
    // With a name it is what the app, or somebody else, starts containers of: it was scaled down to none.
    if ctx.platform.docker.inspect_image(&name).await.is_ok_and(|image| !image.repo_tags.is_empty()) {
        return Ok(Retired::Image.forget(ctx.layout(), id)?);
    }
    match ctx.platform.docker.remove_image(&name, how).await {
        Ok(_) => ctx.out.unless_quiet().detail(format!("Retired {app} image {id}")),
        Err(DockerError::NotFound(_)) => {}
        Err(DockerError::Conflict(fault)) => {
            // In use by a container that goes later or by one that stays, or another image was made from it.
            if !is_in_use(ctx, app, &name).await? && !is_parent(ctx, app, &name).await? {
                ctx.out.warn(format!("Image {id} is kept for now: {fault}"));
                return Ok(());
            }
        }
        Err(error) => {
            ctx.out.warn(format!("Image {id} is kept for now: {error}"));
            return Ok(());
        }
    }
    Ok(Retired::Image.forget(ctx.layout(), id)?)
}

/// True when a container of the app that stays uses the image: then it is no longer one to retire.
async fn is_in_use(ctx: &Ctx, app: &AppName, image: &str) -> Result<bool> {
    let going = Retired::Container.all(ctx.layout())?;
    let listed =
        ctx.platform.docker.list_containers(&Filter::label(format!("com.dokku.app-name={app}"))).await?;
    Ok(listed
        .iter()
        .any(|one| one.image_id == image && !going.iter().any(|going| one.id.starts_with(&going.id))))
}

/// True when an image of the app was made from it by a predeploy task: it goes together with that one.
async fn is_parent(ctx: &Ctx, app: &AppName, image: &str) -> Result<bool> {
    let filter = Filter::label(format!("com.dokku.app-name={app}"));
    Ok(ctx.platform.docker.list_images(&filter).await?.iter().any(|other| other.parent_id == image))
}
