use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Check whether an app exists
///
/// Ends with status 0 if it does, else with 20.
#[derive(clap::Args)]
pub struct Exists {
    /// Name of the app
    app: AppName,
}

impl Command for Exists {
    const NAME: &'static str = "apps:exists";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)
    }
}
