use super::acme::refresh;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::store::acme;

/// Ask for the next certificate of an app, or of all apps whose time has come
///
/// The server does that by itself. With a name it is done now, whether it is time or not.
#[derive(clap::Args)]
pub struct AcmeRenew {
    /// Name of the app
    app: Option<AppName>,
}

impl Command for AcmeRenew {
    const NAME: &'static str = "certs:acme-renew";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let Some(app) = self.app else { return all_due(ctx).await };
        ctx.require_app(&app)?;
        let Some(settings) = acme::read(ctx.layout(), &app)? else {
            return Err(Failure::user(format!("No authority issues the certificate of {app}"))
                .hint(format!("dokku certs:acme-enable {app}")));
        };
        refresh(ctx, &app, settings).await
    }
}

/// One app's failure is no other's.
async fn all_due(ctx: &Ctx) -> Result {
    let mut failed = Vec::new();
    for app in ctx.apps()? {
        let now = ctx.platform.clock.now();
        if !acme::is_due(ctx.layout(), &app, now).unwrap_or(false) {
            continue;
        }
        let Some(settings) = acme::read(ctx.layout(), &app)? else { continue };
        if let Err(failure) = refresh(ctx, &app, settings).await {
            failure.print(&ctx.out);
            failed.push(app.to_string());
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::user(format!("No new certificate for {}", failed.join(", ")))
        .hint("That of before serves on, and it is tried again; dokku certs:report says when"))
}
