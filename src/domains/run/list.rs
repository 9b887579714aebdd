use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// List the one-off containers of an app
#[derive(clap::Args)]
pub struct List {
    /// How to show them
    #[arg(long, value_parser = ["stdout", "json"], default_value = "stdout")]
    format: String,
    /// Name of the app
    app: AppName,
}

impl Command for List {
    const NAME: &'static str = "run:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let scheduler = scheduler_of(ctx, &self.app).await?;
        ctx.fire(triggers::SchedulerRunList { scheduler, app: self.app, format: self.format }).await
    }
}
