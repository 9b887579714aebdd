use crate::deploy::{Cleanup as How, cleanup};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Clean up what deploys left behind
///
/// Removes exited and dead containers and images without a name, of one app or of all.
#[derive(clap::Args)]
pub struct Cleanup {
    /// Name of the app
    app: Option<AppName>,
}

impl Command for Cleanup {
    const NAME: &'static str = "cleanup";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if let Some(app) = &self.app {
            ctx.require_app(app)?;
        }
        cleanup(ctx, self.app.as_ref(), How::Asked).await
    }
}
