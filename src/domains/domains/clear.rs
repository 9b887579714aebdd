use super::switch;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, Scope};
use crate::store::{apps, vhosts};

/// Forget all domains of an app
///
/// The default ones do not come back by themselves: see domains:reset.
#[derive(clap::Args)]
pub struct Clear {
    /// Name of the app
    #[arg(required_unless_present = "all")]
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
}

impl Command for Clear {
    const NAME: &'static str = "domains:clear";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        for app in apps_of(ctx, self.app)? {
            clear(ctx, &app).await?;
        }
        Ok(())
    }
}

/// The one app, or all when none is named.
///
/// # Errors
/// When the app is not there.
pub fn apps_of(ctx: &Ctx, app: Option<AppName>) -> Result<Vec<AppName>> {
    match app {
        Some(app) => {
            ctx.require_app(&app)?;
            Ok(vec![app])
        }
        None => Ok(apps::all(ctx.layout())?),
    }
}

/// Forgets the domains of an app.
///
/// # Errors
/// When they cannot be removed or the proxy cannot follow.
pub async fn clear(ctx: &Ctx, app: &AppName) -> Result {
    vhosts::remove(ctx.layout(), &Scope::from(app))?;
    switch::updated(ctx, app, "clear").await?;
    ctx.out.step(format!("Cleared domains in {app}"));
    Ok(())
}
