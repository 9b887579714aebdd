use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::model::AppName;
use crate::triggers;

/// Rebuild an app from its code, and deploy it
///
/// The code is the tip of the deploy branch in the app's repository: nothing needs to be pushed.
#[derive(clap::Args)]
pub struct Rebuild {
    #[command(flatten)]
    apps: Apps,
}

impl Command for Rebuild {
    const NAME: &'static str = "ps:rebuild";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.apps.each(ctx, "rebuild", |ctx, app| Box::pin(async move { rebuild(&ctx, app).await })).await
    }
}

/// Builds and deploys the code the app has.
///
/// # Errors
/// Whatever goes wrong in the build or the deploy.
pub async fn rebuild(ctx: &Ctx, app: AppName) -> Result {
    ctx.fire(triggers::ReceiveApp { app, revision: String::new() }).await
}
