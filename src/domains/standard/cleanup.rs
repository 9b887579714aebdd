use crate::deploy::{self, BuildCache, Cleanup as How, cleanup};
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::files;

/// Clean up what deploys left behind
///
/// Of one app: exited and dead containers, and images that no container uses. Without an app those of all, images without
/// a name, caches of apps that are gone, and what builds have kept and not used for a day; it says what that freed.
/// Releases that can be returned to keep their images, and volumes with data are never touched. The server runs it by
/// itself: see builds:set --global cleanup-schedule.
#[derive(clap::Args)]
pub struct Cleanup {
    /// Also all that builds have kept for the next ones, however new
    #[arg(long)]
    all: bool,
    /// As the server does it: not while skip-cleanup is set, and without what serves or is stopped on purpose
    #[arg(long, hide = true)]
    unasked: bool,
    /// Name of the app
    app: Option<AppName>,
}

impl Command for Cleanup {
    const NAME: &'static str = "cleanup";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if let Some(app) = &self.app {
            ctx.require_app(app)?;
            if self.all {
                return Err(Failure::user(
                    "What builds keep is not kept by app: leave out the app, or --all",
                ));
            }
            return cleanup(ctx, Some(app), How::Asked).await;
        }
        // Before the work: a deploy that ends meanwhile leaves the next mark.
        files::remove(&ctx.layout().cleanup_wanted())?;
        if !self.unasked {
            cleanup(ctx, None, How::Asked).await?;
        } else if deploy::is_sweeping_unwanted(ctx)? {
            return Ok(());
        }
        deploy::sweep(ctx, if self.all { BuildCache::All } else { BuildCache::Old }).await
    }
}
