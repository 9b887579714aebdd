use super::container::app_of;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::triggers::{self, LOGS_FORMAT, scheduler_of};

/// Show what one-off containers of an app wrote last
#[derive(clap::Args)]
pub struct Logs {
    /// Only this container
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// So many lines of each container
    #[arg(long, short, default_value_t = 100)]
    num: u32,
    /// Lines as they were written, without time and container
    #[arg(long, short)]
    quiet: bool,
    /// Go on until interrupted
    #[arg(long, short)]
    tail: bool,
    /// How to show them: stdout, or json for an object a line, with time, process, stream and message
    #[arg(long, value_parser = ["stdout", "json"], default_value = "stdout")]
    format: String,
    /// Name of the app
    #[arg(value_name = "NAME")]
    app: Option<AppName>,
}

impl Command for Logs {
    const NAME: &'static str = "run:logs";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let named = self.container.as_deref().map(app_of).transpose()?;
        let app = match (self.app, named) {
            (None, None) => return Err(Failure::user("No container or app specified")),
            (Some(app), Some(named)) if app != named => {
                return Err(Failure::user(format!("Specified container is not one of {app}")));
            }
            (Some(app), _) | (None, Some(app)) => app,
        };
        ctx.require_app(&app)?;
        let scheduler = scheduler_of(ctx, &app).await?;
        let container = self.container.unwrap_or_default();
        let (tail, quiet, num) = (self.tail, self.quiet, self.num);
        let ctx = ctx.with_env(LOGS_FORMAT, self.format);
        ctx.fire(triggers::SchedulerRunLogs { scheduler, app, container, tail, quiet, num }).await
    }
}
