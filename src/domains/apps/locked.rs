use super::report::is_locked;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;

/// Check whether an app is locked for deploys
///
/// Ends with status 0 if a lock is there or a deploy runs, else with 1.
#[derive(clap::Args)]
pub struct Locked {
    /// Name of the app
    app: AppName,
}

impl Command for Locked {
    const NAME: &'static str = "apps:locked";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        if !is_locked(ctx, &self.app)? {
            return Err(Failure::user("Deploy lock does not exist"));
        }
        ctx.out.unless_quiet().plain("Deploy lock exists");
        Ok(())
    }
}
