use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::triggers;

/// Forget the routes of an app
///
/// It answers no more until proxy:build-config or its next deploy.
#[derive(clap::Args)]
pub struct ClearConfig {
    #[command(flatten)]
    apps: Apps,
}

impl Command for ClearConfig {
    const NAME: &'static str = "proxy:clear-config";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.apps
            .each_in_turn(ctx, "clear-config", |ctx, app| {
                Box::pin(async move { ctx.fire(triggers::ProxyClearConfig { app: app.to_string() }).await })
            })
            .await
    }
}
