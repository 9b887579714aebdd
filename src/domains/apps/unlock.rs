use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::platform::files;

/// Unlock an app for deploys
#[derive(clap::Args)]
pub struct Unlock {
    /// Name of the app
    app: AppName,
}

impl Command for Unlock {
    const NAME: &'static str = "apps:unlock";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let path = ctx.layout().deploy_lock(&self.app);
        if files::exists(&path) {
            ctx.out.warn("A deploy may be in progress.");
            ctx.out.warn("Removing the app lock will not stop in progress deploys.");
        }
        if !files::remove(&path)? {
            return Err(Failure::user("Unable to remove deploy lock"));
        }
        ctx.out.step("Deploy lock removed");
        Ok(())
    }
}
