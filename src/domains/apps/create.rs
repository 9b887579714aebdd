use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::{AppName, Scope};
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Create a new app
///
/// The app has no code until the first push. Fails if the name is taken.
#[derive(clap::Args)]
pub struct Create {
    /// Name of the app
    app: AppName,
}

impl Command for Create {
    const NAME: &'static str = "apps:create";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        create(ctx, &self.app).await
    }
}

/// Makes an app. Of two who try at once, one is told that the name is taken.
pub async fn create(ctx: &Ctx, app: &AppName) -> Result {
    if !files::claim_folder(&ctx.layout().app(app), 0o755)? {
        return Err(Failure::user("Name is already taken"));
    }
    ctx.out.unless_quiet().step(format!("Creating {app}..."));
    let now = ctx.platform.clock.now().as_second().to_string();
    properties::set(ctx.layout(), "apps", &Scope::from(app), "created-at", &now)?;
    ctx.fire(triggers::PostCreate { app: app.clone() }).await
}
