use super::status;
use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// Stop an app
///
/// All its containers stop, and it stays stopped after a boot.
#[derive(clap::Args)]
pub struct Stop {
    #[command(flatten)]
    apps: Apps,
}

impl Command for Stop {
    const NAME: &'static str = "ps:stop";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.apps.each(ctx, "stop", |ctx, app| Box::pin(async move { stop(&ctx, app).await })).await
    }
}

async fn stop(ctx: &Ctx, app: AppName) -> Result {
    if !status::is_deployed_or_warn(ctx, &app).await? {
        return Ok(());
    }
    ctx.out.unless_quiet().step(format!("Stopping {app}"));
    let scheduler = scheduler_of(ctx, &app).await?;
    let stop = triggers::SchedulerStop { scheduler, app: app.clone(), remove_containers: None };
    ctx.fire(stop).await?;
    ctx.fire(triggers::PostStop { app }).await
}
