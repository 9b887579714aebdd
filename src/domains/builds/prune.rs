use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::store::builds;

/// Delete old build records
///
/// As many as `builds:set APP retention` says are kept. Those whose process is gone are marked as failed.
#[derive(clap::Args)]
pub struct Prune {
    /// Of all apps
    #[arg(long)]
    all_apps: bool,
    /// Name of the app
    app: Option<AppName>,
}

impl Command for Prune {
    const NAME: &'static str = "builds:prune";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let now = ctx.platform.clock.now();
        if !self.all_apps {
            let app = self.app.ok_or_else(|| Failure::user("Please specify an app to run the command on"))?;
            ctx.require_app(&app)?;
            return Ok(builds::prune(ctx.layout(), &app, now)?);
        }
        let apps = ctx.apps()?;
        if apps.is_empty() {
            ctx.out.warn("You haven't deployed any applications yet");
        }
        for app in apps {
            if let Err(fault) = builds::prune(ctx.layout(), &app, now) {
                ctx.out.warn(format!("Prune failed for {app}: {fault}"));
            }
        }
        Ok(())
    }
}
