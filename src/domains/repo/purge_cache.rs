use crate::deploy;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::platform::docker::{Filter, OrGone, RemoveContainer};

/// Delete what builds of an app keep for the next one
///
/// The volume `cache-APP` of buildpacks goes, and containers that builds have left. The next build takes longer.
#[derive(clap::Args)]
pub struct PurgeCache {
    /// Name of the app
    app: AppName,
}

impl Command for PurgeCache {
    const NAME: &'static str = "repo:purge-cache";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let docker = &ctx.platform.docker;
        let left = Filter::label(format!("com.dokku.app-name={}", self.app))
            .and("label", "com.dokku.image-stage=build");
        for container in docker.list_containers(&left).await? {
            docker
                .remove_container(&container.id, RemoveContainer { force: true, volumes: true })
                .await
                .or_gone()?;
        }
        docker.remove_volume(&deploy::cache_volume(&self.app)).await.or_gone()?;
        ctx.out.unless_quiet().step(format!("Purged the build cache of {}", self.app));
        Ok(())
    }
}
