//! Containers of images that may not be there yet.

use crate::model::RunPlan;
use crate::platform::docker::{DockerError, DockerResult, Progress, Registry, login_for, read_logins};

use super::ctx::Ctx;

/// Makes the container, and fetches its image if that is not there.
///
/// # Errors
/// When the image cannot be had, or the engine refuses the container.
pub async fn create_container(
    ctx: &Ctx,
    plan: &RunPlan,
    progress: &mut dyn Progress,
) -> DockerResult<String> {
    let docker = &ctx.platform.docker;
    match docker.create_container(plan).await {
        // It may as well be a volume or a network that is missing: then fetching does not help, and the second try says so.
        Err(DockerError::NotFound(_)) => {
            let logins = read_logins(&ctx.layout().root.join(".docker/config.json"))?;
            let from = Registry { login: login_for(&plan.image, &logins), platform: None };
            docker.pull_image(&plan.image, from, progress).await?;
            docker.create_container(plan).await
        }
        made => made,
    }
}
