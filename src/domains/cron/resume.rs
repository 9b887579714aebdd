use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

use super::switch::set_task;

/// Resume a suspended task
///
/// One that app.json itself suspends stays so.
#[derive(clap::Args)]
pub struct Resume {
    /// Name of the app
    app: AppName,
    /// The task, as cron:list shows it
    #[arg(default_value = "")]
    cron_id: String,
}

impl Command for Resume {
    const NAME: &'static str = "cron:resume";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        set_task(ctx, &self.app, &self.cron_id, "").await
    }
}
