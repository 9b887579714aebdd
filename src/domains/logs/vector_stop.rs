use crate::deploy::companion;
use crate::kernel::{Command, Ctx, Gate, Result};

use super::vector::COMPANION;

/// Stop and remove the log shipper
#[derive(clap::Args)]
pub struct VectorStop {}

impl Command for VectorStop {
    const NAME: &'static str = "logs:vector-stop";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.unless_quiet().heading("Stopping and removing vector container");
        companion::stop(ctx, COMPANION).await
    }
}
