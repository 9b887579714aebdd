use crate::deploy;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Undo or finish a deploy whose process was killed
///
/// The server runs this when it finds one. It does nothing while somebody deploys the app.
#[derive(clap::Args)]
pub struct Settle {
    /// Name of the app
    app: AppName,
}

impl Command for Settle {
    const NAME: &'static str = "deploy:settle";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        deploy::settle_abandoned(ctx, &self.app).await
    }
}
