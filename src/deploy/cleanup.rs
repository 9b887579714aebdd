//! Removing what deploys left behind on the engine (contract: output.md section 6, step 4).

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::platform::docker::{
    DockerError, DockerResult, Filter, OrGone, Prune, RemoveContainer, RemoveImage,
};
use crate::store::processes::{self, Running};
use crate::store::{properties, releases};

/// Whether somebody asked for it, or it comes with a deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleanup {
    /// Unless the property `skip-cleanup` or the environment says no.
    IfWanted,
    /// In any case.
    Asked,
}

/// Removes exited and dead containers and images without a name: of one app, or of all. Says what it does; what
/// the engine refuses is warned about and no more, since nothing that serves depends on it.
///
/// Whoever asks for the cleanup of an app also gets rid of its images that no container uses. One that comes with a
/// deploy leaves the containers of the release, running or stopped, and every image with a name: should the deploy
/// fail, they are what the app has.
///
/// # Errors
/// When the properties or the app's files cannot be read.
pub async fn cleanup(ctx: &Ctx, app: Option<&AppName>, how: Cleanup) -> Result {
    if how == Cleanup::IfWanted && is_unwanted(ctx, app)? {
        ctx.out.step("DOKKU_SKIP_CLEANUP set. Skipping dokku cleanup");
        return Ok(());
    }
    ctx.out.step("Cleaning up...");
    let kept = match (app, how) {
        (Some(app), Cleanup::IfWanted) => processes::running(ctx.layout(), app)?,
        (_, Cleanup::Asked) | (None, Cleanup::IfWanted) => Vec::new(),
    };
    let are_named_kept = app.is_none() || how == Cleanup::IfWanted;
    if let Err(error) = remove(ctx, app, &kept, are_named_kept).await {
        ctx.out.warn(format!("Could not clean up: {error}"));
    }
    Ok(())
}

fn is_unwanted(ctx: &Ctx, app: Option<&AppName>) -> Result<bool> {
    let scope = app.map_or(Scope::Global, Scope::from);
    let property = properties::computed(ctx.layout(), "builder", &scope, "skip-cleanup", "false")?;
    Ok(property == "true" || ctx.env.get("DOKKU_SKIP_CLEANUP") == Some("true"))
}

async fn remove(ctx: &Ctx, app: Option<&AppName>, kept: &[Running], are_named_kept: bool) -> DockerResult {
    let docker = &ctx.platform.docker;
    let ours = match app {
        Some(app) => Filter::label("dokku").and("label", format!("com.dokku.app-name={app}")),
        None => Filter::label("dokku"),
    };
    let ended = ours.clone().and("status", "exited").and("status", "dead");
    for container in docker.list_containers(&ended).await? {
        if !kept.iter().any(|kept| kept.id == container.id) {
            // Somebody else may clean up at the same time.
            docker.remove_container(&container.id, RemoveContainer::default()).await.or_gone()?;
        }
    }
    if !are_named_kept {
        remove_unused_images(ctx, &ours).await?;
    }
    match docker.prune(Prune::Images, &ours.and("dangling", "true")).await {
        // Somebody else is at it, with all apps' images: the engine lets one at a time.
        Ok(_) | Err(DockerError::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes the images that no container uses, with all their names, but for those of releases that can be returned to:
/// the engine's own way of clearing away knows no exception.
async fn remove_unused_images(ctx: &Ctx, ours: &Filter) -> DockerResult {
    for image in ctx.platform.docker.list_images(ours).await? {
        if image.repo_tags.iter().any(|name| releases::keeps(ctx.layout(), name)) {
            continue;
        }
        let names = if image.repo_tags.is_empty() { vec![image.id] } else { image.repo_tags };
        for name in names {
            match ctx.platform.docker.remove_image(&name, RemoveImage::default()).await {
                // In use, or gone with another.
                Ok(_) | Err(DockerError::Conflict(_) | DockerError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
