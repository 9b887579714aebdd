use crate::deploy::networks;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Join the networks that the proxy needs, and leave those that no app is in any more
#[derive(clap::Args)]
pub struct Tend {}

impl Command for Tend {
    const NAME: &'static str = "network:tend";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        networks::tend(ctx).await
    }
}
