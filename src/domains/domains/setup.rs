use super::{defaults, switch};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Give an app its default domains if it has no list yet
#[derive(clap::Args)]
pub struct Setup {
    /// Name of the app
    app: AppName,
}

impl Command for Setup {
    const NAME: &'static str = "domains:setup";
    // Dokku does not list it in its help either.
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        defaults::set_up(ctx, &self.app).await?;
        switch::updated(ctx, &self.app, "reset").await?;
        ctx.out.unless_quiet().step(format!("Setup domains for {}", self.app));
        Ok(())
    }
}
