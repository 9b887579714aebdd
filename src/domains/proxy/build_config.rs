use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::triggers;

/// Route to what an app runs now
///
/// Makes the configuration of the proxy anew, for example after a setting of it was changed.
#[derive(clap::Args)]
pub struct BuildConfig {
    #[command(flatten)]
    apps: Apps,
}

impl Command for BuildConfig {
    const NAME: &'static str = "proxy:build-config";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.apps
            .each(ctx, "build-config", |ctx, app| {
                Box::pin(async move { ctx.fire(triggers::ProxyBuildConfig { app }).await })
            })
            .await
    }
}
