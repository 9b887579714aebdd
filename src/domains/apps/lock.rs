use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::platform::files;

/// Lock an app, so that it is not deployed
///
/// A deploy that runs goes on; later ones are refused until `apps:unlock`.
#[derive(clap::Args)]
pub struct Lock {
    /// Name of the app
    app: AppName,
}

impl Command for Lock {
    const NAME: &'static str = "apps:lock";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        files::write(&ctx.layout().deploy_lock(&self.app), b"", 0o644)?;
        ctx.out.step("Deploy lock created");
        Ok(())
    }
}
