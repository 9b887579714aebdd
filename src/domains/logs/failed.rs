use crate::kernel::{Command, Ctx, Failure, Gate, Result, all_apps};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// Show what containers wrote that did not pass their checks in the last deploy
#[derive(clap::Args)]
pub struct Failed {
    /// Name of the app
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
}

impl Command for Failed {
    const NAME: &'static str = "logs:failed";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.all {
            return all_apps::one_by_one(ctx, "logs:failed", |ctx, app| {
                Box::pin(async move { show(&ctx, app).await })
            })
            .await;
        }
        let app = self.app.ok_or_else(|| Failure::user("Please specify an app to run the command on"))?;
        ctx.require_app(&app)?;
        show(ctx, app).await
    }
}

async fn show(ctx: &Ctx, app: AppName) -> Result {
    ctx.out.unless_quiet().heading(format!("{app} failed deploy logs"));
    let scheduler = scheduler_of(ctx, &app).await?;
    ctx.fire(triggers::SchedulerLogsFailed { scheduler, app }).await
}
