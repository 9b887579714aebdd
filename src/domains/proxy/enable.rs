use super::properties::PROPERTIES;
use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::model::{AppName, Scope};
use crate::store::properties;
use crate::triggers;

/// Turn the proxy on for an app
///
/// Its domains are turned on, and the app is restarted.
#[derive(clap::Args)]
pub struct Enable {
    #[command(flatten)]
    apps: Apps,
}

impl Command for Enable {
    const NAME: &'static str = "proxy:enable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.apps.each(ctx, "enable", |ctx, app| Box::pin(async move { enable(&ctx, app).await })).await
    }
}

async fn enable(ctx: &Ctx, app: AppName) -> Result {
    let scope = Scope::from(&app);
    if PROPERTIES.computed(ctx, &scope, "disabled")? != "true" {
        ctx.out.step("Proxy is already enabled for app");
        return Ok(());
    }
    ctx.out.step("Enabling proxy for app");
    properties::unset(ctx.layout(), PROPERTIES.plugin, &scope, "disabled")?;
    ctx.fire(triggers::ProxyEnable { app }).await
}
