use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// Display what the engine knows of an app's containers
///
/// Values of variables are hidden, but for those that Dokku sets itself.
#[derive(clap::Args)]
pub struct Inspect {
    /// Name of the app
    app: AppName,
}

impl Command for Inspect {
    const NAME: &'static str = "ps:inspect";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let scheduler = scheduler_of(ctx, &self.app).await?;
        ctx.fire(triggers::SchedulerInspect { scheduler, app: self.app }).await
    }
}
