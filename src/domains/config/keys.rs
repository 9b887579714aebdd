use super::target::{self, Target};
use crate::kernel::{Command, Ctx, Gate, Result};

/// Show the names of the config vars
#[derive(clap::Args)]
pub struct Keys {
    #[command(flatten)]
    target: Target,
    /// Include the variables of all apps
    #[arg(long)]
    merged: bool,
}

impl Command for Keys {
    const NAME: &'static str = "config:keys";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let scope = self.target.scope(ctx)?;
        for key in target::read(ctx, &scope, self.merged)?.keys() {
            ctx.out.plain(key);
        }
        Ok(())
    }
}
