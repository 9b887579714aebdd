use super::status;
use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::model::{AppName, Scope};
use crate::store::properties;
use crate::triggers::{self, scheduler_of};

/// False for an app that is to stay stopped.
const RESTORE: &str = "restore";

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
    // Said before it is done: whoever sees a container end is to know that it was asked for.
    let scope = Scope::from(&app);
    let before = properties::get(ctx.layout(), "ps", &scope, RESTORE)?;
    properties::set(ctx.layout(), "ps", &scope, RESTORE, "false")?;
    if let Err(failure) = ctx.fire(stop).await {
        match before {
            Some(before) => properties::set(ctx.layout(), "ps", &scope, RESTORE, &before)?,
            None => properties::unset(ctx.layout(), "ps", &scope, RESTORE)?,
        }
        return Err(failure);
    }
    ctx.fire(triggers::PostStop { app }).await
}
