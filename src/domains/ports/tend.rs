use super::forward;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Publish the ports that apps need beside the appliance's own, and no others
#[derive(clap::Args)]
pub struct Tend {}

impl Command for Tend {
    const NAME: &'static str = "ports:tend";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        forward::tend(ctx).await
    }
}
