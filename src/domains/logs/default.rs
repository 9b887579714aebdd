use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::triggers::{self, LOGS_FORMAT, is_deployed, scheduler_of};

/// Show what an app's containers wrote last
///
/// Both their streams, the last 100 lines of each container unless said otherwise.
///
/// Example: dokku logs shop --tail --ps worker
#[derive(clap::Args)]
pub struct Logs {
    /// Name of the app
    app: AppName,
    /// Go on until interrupted
    #[arg(long, short)]
    tail: bool,
    /// So many lines of each container
    #[arg(long, short, default_value_t = 100)]
    num: u32,
    /// Lines as they were written, without time and container
    #[arg(long, short)]
    quiet: bool,
    /// Only this process type, or one container of it: web, web.1
    #[arg(long, short, value_name = "PROCESS", default_value = "")]
    ps: String,
    /// How to show them: stdout, or json for an object a line, with time, process, stream and message
    #[arg(long, value_parser = ["stdout", "json"], default_value = "stdout")]
    format: String,
}

impl Command for Logs {
    const NAME: &'static str = "logs";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let Logs { app, tail, num, quiet, ps: process, format } = self;
        ctx.require_app(&app)?;
        if !is_deployed(ctx, &app).await? {
            return Err(Failure::user(format!("App {app} has not been deployed")));
        }
        let scheduler = scheduler_of(ctx, &app).await?;
        let ctx = ctx.with_env(LOGS_FORMAT, format);
        ctx.fire(triggers::SchedulerLogs { scheduler, app, process, tail, quiet, num }).await
    }
}
