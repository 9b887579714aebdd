//! What buildpacks keep from one build of an app to the next: a volume.

use crate::deploy;
use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::docker::{Filter, OrGone, VolumePlan};

use super::BUILDER;

/// Makes the volume, unless it is there. One of the same name that was not made for this app is no cache of it.
///
/// # Errors
/// When the engine refuses.
pub async fn ensure(ctx: &Ctx, app: &AppName) -> Result {
    let (docker, name) = (&ctx.platform.docker, deploy::cache_volume(app));
    let ours = Filter::label(format!("com.dokku.app-name={app}"))
        .and("label", format!("com.dokku.builder-type={BUILDER}"));
    if docker.list_volumes(&ours).await?.iter().any(|volume| volume.name == name) {
        return Ok(());
    }
    docker.remove_volume(&name).await.or_gone()?;
    let mut labels = deploy::image_labels(app, BUILDER);
    labels.remove("com.dokku.image-stage");
    docker.create_volume(&VolumePlan { name, labels, ..VolumePlan::default() }).await?;
    Ok(())
}

/// Removes it; one that is not there is fine.
///
/// # Errors
/// When the engine refuses, because a build uses it.
pub async fn purge(ctx: &Ctx, app: &AppName) -> Result {
    Ok(ctx.platform.docker.remove_volume(&deploy::cache_volume(app)).await.or_gone()?)
}
