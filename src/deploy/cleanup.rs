//! Removing what deploys left behind on the engine (contract: output.md section 6, step 4).

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::platform::docker::{DockerResult, Filter, OrGone, Prune, RemoveContainer};
use crate::store::properties;

/// Whether somebody asked for it, or it comes with a deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleanup {
    /// Unless the property `skip-cleanup` or the environment says no.
    IfWanted,
    /// In any case.
    Asked,
}

/// Removes exited and dead containers and images without a name: of one app, or of all. Of an app also its
/// images that no container uses. Says what it does; what the engine refuses is warned about and no more,
/// since nothing that serves depends on it.
///
/// # Errors
/// When the properties cannot be read.
pub async fn cleanup(ctx: &Ctx, app: Option<&AppName>, how: Cleanup) -> Result {
    if how == Cleanup::IfWanted && is_unwanted(ctx, app)? {
        ctx.out.step("DOKKU_SKIP_CLEANUP set. Skipping dokku cleanup");
        return Ok(());
    }
    ctx.out.step("Cleaning up...");
    if let Err(error) = remove(ctx, app).await {
        ctx.out.warn(format!("Could not clean up: {error}"));
    }
    Ok(())
}

fn is_unwanted(ctx: &Ctx, app: Option<&AppName>) -> Result<bool> {
    let scope = app.map_or(Scope::Global, Scope::from);
    let property = properties::computed(ctx.layout(), "builder", &scope, "skip-cleanup", "false")?;
    Ok(property == "true" || ctx.env.get("DOKKU_SKIP_CLEANUP") == Some("true"))
}

async fn remove(ctx: &Ctx, app: Option<&AppName>) -> DockerResult {
    let docker = &ctx.platform.docker;
    let ours = match app {
        Some(app) => Filter::label("dokku").and("label", format!("com.dokku.app-name={app}")),
        None => Filter::label("dokku"),
    };
    let ended = ours.clone().and("status", "exited").and("status", "dead");
    for container in docker.list_containers(&ended).await? {
        // Somebody else may clean up at the same time.
        docker.remove_container(&container.id, RemoveContainer::default()).await.or_gone()?;
    }
    let dangling = if app.is_some() { "false" } else { "true" };
    docker.prune(Prune::Images, &ours.and("dangling", dangling)).await?;
    Ok(())
}
