use super::change::{self, How, Restart};
use super::target::Target;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Unset all config vars
#[derive(clap::Args)]
pub struct Clear {
    #[command(flatten)]
    target: Target,
    /// Do not deploy the app again
    #[arg(long)]
    no_restart: bool,
}

impl Command for Clear {
    const NAME: &'static str = "config:clear";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let scope = self.target.scope(ctx)?;
        change::clear(ctx, &scope, How::of(Self::NAME, Restart::unless(self.no_restart))).await
    }
}
