use super::facts;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Check whether a network exists
#[derive(clap::Args)]
pub struct Exists {
    /// Name of the network
    #[arg(default_value = "")]
    network: String,
}

impl Command for Exists {
    const NAME: &'static str = "network:exists";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        facts::require(ctx, &self.network).await?;
        ctx.out.unless_quiet().step("Network exists");
        Ok(())
    }
}
