use super::container::app_of;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// Stop all one-off containers of an app, or one of them
#[derive(clap::Args)]
pub struct Stop {
    /// Only this container
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// Name of the app
    #[arg(value_name = "NAME")]
    app: Option<AppName>,
}

impl Command for Stop {
    const NAME: &'static str = "run:stop";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let named = self.container.as_deref().map(app_of).transpose()?;
        let Some(app) = self.app.or(named) else {
            return Err(Failure::user("No container or app specified"));
        };
        ctx.require_app(&app)?;
        let scheduler = scheduler_of(ctx, &app).await?;
        let container = self.container.unwrap_or_default();
        ctx.fire(triggers::SchedulerRunStop { scheduler, app: Some(app), container }).await
    }
}
