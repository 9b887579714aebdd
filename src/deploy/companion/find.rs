//! How such a container is known: by the labels that compose would have given it, so that one which compose made is
//! found as well, and taken over.

use crate::kernel::{Ctx, Failure, Result};
use crate::platform::docker::{ContainerSummary, Filter, OrGone, RemoveContainer};
use crate::platform::lock::Lock;

/// Compose's label for the name of a project.
pub const LABEL: &str = "com.docker.compose.project";

/// The name of the container.
pub fn name_of(companion: &str) -> String {
    format!("{companion}-{companion}-1")
}

/// The name of a container that is about to take its place.
pub fn upcoming(companion: &str) -> String {
    format!("{}.upcoming", name_of(companion))
}

/// The container, running or not; `None` when there is none.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn find(ctx: &Ctx, companion: &str) -> Result<Option<ContainerSummary>> {
    let mut all = all(ctx, companion).await?;
    // While one takes another's place there are two for a moment, and after a kill then for longer.
    all.sort_by_key(|one| (one.state != "running", one.name() != name_of(companion)));
    Ok(all.into_iter().next())
}

/// All containers of this companion, those included that a killed start has left.
///
/// # Errors
/// When the engine cannot be asked.
pub(super) async fn all(ctx: &Ctx, companion: &str) -> Result<Vec<ContainerSummary>> {
    Ok(ctx.platform.docker.list_containers(&Filter::label(format!("{LABEL}={companion}"))).await?)
}

/// Removes a container, whether it runs or not.
///
/// # Errors
/// When the engine refuses.
pub(super) async fn remove(ctx: &Ctx, id: &str) -> Result {
    let how = RemoveContainer { force: true, volumes: true };
    Ok(ctx.platform.docker.remove_container(id, how).await.or_gone()?)
}

/// Holds off others who would start or stop this companion.
///
/// # Errors
/// When the lock file cannot be made.
pub(super) async fn lock(ctx: &Ctx, companion: &str) -> Result<Lock> {
    let path = ctx.layout().data("locks").join(format!("companion-{companion}.lock"));
    let taken = tokio::task::spawn_blocking(move || Lock::take(&path)).await;
    Ok(taken.map_err(|error| Failure::internal(format!("cannot wait for a lock: {error}")))??)
}
