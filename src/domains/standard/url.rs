use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::triggers;

/// Show the first URL of an app
///
/// An https one when the app has a certificate, else an http one.
#[derive(clap::Args)]
pub struct Url {
    /// Name of the app
    app: AppName,
}

impl Command for Url {
    const NAME: &'static str = "url";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        print(ctx, self.app, "url").await
    }
}

/// Prints the addresses of that type, one a line.
///
/// # Errors
/// When the app is not there or its addresses cannot be told.
pub async fn print(ctx: &Ctx, app: AppName, url_type: &str) -> Result {
    ctx.require_app(&app)?;
    for url in ctx.fire(triggers::DomainsUrls { app, url_type: url_type.to_owned() }).await? {
        ctx.out.plain(url);
    }
    Ok(())
}
