use super::status;
use crate::kernel::{Command, Ctx, Gate, Result, all_apps::Apps};
use crate::model::AppName;
use crate::triggers;

/// Start a stopped app
///
/// An app that runs is left as it is.
#[derive(clap::Args)]
pub struct Start {
    #[command(flatten)]
    apps: Apps,
}

impl Command for Start {
    const NAME: &'static str = "ps:start";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.apps.each(ctx, "start", |ctx, app| Box::pin(async move { start(&ctx, app).await })).await
    }
}

/// Starts the app unless all of it runs.
///
/// # Errors
/// Whatever goes wrong in the deploy.
pub async fn start(ctx: &Ctx, app: AppName) -> Result {
    if !status::is_deployed_or_warn(ctx, &app).await? {
        return Ok(());
    }
    ctx.fire(triggers::PreStart { app: app.clone() }).await?;
    let (_, state) = status::of(ctx, &app).await?;
    match state.as_str() {
        "true" => ctx.out.warn(format!("App {app} already running")),
        "mixed" => ctx.out.warn("App is running in mixed mode, releasing"),
        _ => ctx.out.warn("App has been detected as not running, releasing"),
    }
    if state != "true" {
        let (image_tag, source) = (status::IMAGE_TAG.to_owned(), "ps:start".to_owned());
        ctx.fire(triggers::ReleaseAndDeploy { app: app.clone(), image_tag, source }).await?;
    }
    ctx.fire(triggers::ProxyBuildConfig { app }).await
}
