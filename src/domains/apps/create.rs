use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::files;
use crate::store::apps;
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
        if apps::exists(ctx.layout(), &self.app) {
            return Err(Failure::user("Name is already taken"));
        }
        ctx.out.unless_quiet().step(format!("Creating {}...", self.app));
        files::create_folders(&ctx.layout().app(&self.app), 0o755)?;
        ctx.fire(triggers::PostCreate { app: self.app }).await
    }
}
