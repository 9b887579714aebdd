use crate::deploy;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::apps;

/// Return to the release before, if the current one died soon after its deploy
///
/// The server runs this when a container of a fresh release ends. It does nothing while all its containers run, and
/// nothing once the old ones have retired.
#[derive(clap::Args)]
pub struct GiveBack {
    /// Name of the app
    app: AppName,
}

impl Command for GiveBack {
    const NAME: &'static str = "deploy:give-back";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        // A container also ends because its app was destroyed.
        if !apps::exists(ctx.layout(), &self.app) {
            return Ok(());
        }
        deploy::give_back(ctx, &self.app).await
    }
}
