use super::{defaults, switch};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, Scope};
use crate::store::vhosts;

/// Give an app its default domains again
#[derive(clap::Args)]
pub struct Reset {
    /// Name of the app
    app: AppName,
}

impl Command for Reset {
    const NAME: &'static str = "domains:reset";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        // Dokku has the proxy follow after the removal too; the app would answer to no name in between.
        vhosts::remove(ctx.layout(), &Scope::from(&self.app))?;
        ctx.out.step(format!("Cleared domains in {}", self.app));
        defaults::set_up(ctx, &self.app).await?;
        switch::updated(ctx, &self.app, "reset").await?;
        ctx.out.unless_quiet().step(format!("Reset domains for {}", self.app));
        Ok(())
    }
}
