use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

use super::switch::set_task;

/// Suspend a task
///
/// It does not run by the clock until it is resumed; cron:run still runs it.
#[derive(clap::Args)]
pub struct Suspend {
    /// Name of the app
    app: AppName,
    /// The task, as cron:list shows it
    #[arg(default_value = "")]
    cron_id: String,
}

impl Command for Suspend {
    const NAME: &'static str = "cron:suspend";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        set_task(ctx, &self.app, &self.cron_id, "true").await
    }
}
