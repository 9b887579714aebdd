use super::access_logs::show;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Show the last 20 lines of the error log of an app
#[derive(clap::Args)]
pub struct ErrorLogs {
    /// Name of the app
    app: AppName,
    /// Go on with lines as they come
    #[arg(short = 't', long)]
    tail: bool,
}

impl Command for ErrorLogs {
    const NAME: &'static str = "nginx:error-logs";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        show(ctx, &self.app, "error", self.tail).await
    }
}
