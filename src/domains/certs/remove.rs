use super::acme_disable::renew_no_more;
use super::install;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::store::certificates;
use crate::triggers;

/// Remove the certificate of an app
///
/// Routes for https go with it, and its renewal.
#[derive(clap::Args)]
pub struct Remove {
    /// Name of the app
    app: AppName,
}

impl Command for Remove {
    const NAME: &'static str = "certs:remove";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        remove(ctx, &self.app).await
    }
}

/// Removes it.
///
/// # Errors
/// When the app is not there or has none, or routes cannot follow.
pub async fn remove(ctx: &Ctx, app: &AppName) -> Result {
    ctx.require_app(app)?;
    if !certificates::has_folder(ctx.layout(), app) {
        return Err(Failure::user("An app-specific SSL endpoint is not defined"));
    }
    ctx.out.step(format!("Removing SSL endpoint from {app}"));
    // Before the certificate goes, or the server would at once ask for another.
    renew_no_more(ctx, app).await?;
    certificates::remove(ctx.layout(), app)?;
    ctx.fire(triggers::PostCertsRemove { app: app.clone() }).await?;
    install::tell(ctx, app).await
}
