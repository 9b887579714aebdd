use super::properties::PROPERTIES;
use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::model::{AppName, Scope};
use crate::store::properties;
use crate::triggers;

/// Turn the proxy off for an app
///
/// Its domains are turned off, and the app is restarted.
#[derive(clap::Args)]
pub struct Disable {
    #[command(flatten)]
    apps: Apps,
}

impl Command for Disable {
    const NAME: &'static str = "proxy:disable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.apps.each(ctx, "disable", |ctx, app| Box::pin(async move { disable(&ctx, app).await })).await
    }
}

async fn disable(ctx: &Ctx, app: AppName) -> Result {
    let scope = Scope::from(&app);
    if PROPERTIES.computed(ctx, &scope, "disabled")? == "true" {
        ctx.out.step("Proxy is already disable for app");
        return Ok(());
    }
    ctx.out.step("Disabling proxy for app");
    properties::set(ctx.layout(), PROPERTIES.plugin, &scope, "disabled", "true")?;
    ctx.fire(triggers::ProxyDisable { app }).await
}
