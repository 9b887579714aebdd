use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// Stop one-off and cron containers that are past their time
///
/// Without an app: those of all.
#[derive(clap::Args)]
pub struct Retire {
    /// Name of the app
    app: Option<AppName>,
}

impl Command for Retire {
    const NAME: &'static str = "run:retire";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let scheduler = match &self.app {
            Some(app) => {
                ctx.require_app(app)?;
                scheduler_of(ctx, app).await?
            }
            None => String::new(),
        };
        ctx.fire(triggers::SchedulerRunRetire { scheduler, app: self.app }).await
    }
}
