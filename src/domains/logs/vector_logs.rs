use crate::deploy::companion;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::platform::docker::Logs;

use super::vector::COMPANION;

/// Show what the log shipper itself wrote
#[derive(clap::Args)]
pub struct VectorLogs {
    /// So many lines
    #[arg(long, short, default_value_t = 100)]
    num: u64,
    /// Go on until interrupted
    #[arg(long, short)]
    tail: bool,
}

impl Command for VectorLogs {
    const NAME: &'static str = "logs:vector-logs";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let Some(container) = companion::find(ctx, COMPANION).await? else {
            return Err(
                Failure::user("Vector container does not exist").hint("`dokku logs:vector-start` makes one")
            );
        };
        if container.state != "running" {
            ctx.out.warn("Vector container is not running");
        }
        ctx.out.unless_quiet().step("Vector container logs");
        let wanted = Logs { tail: Some(self.num), follow: self.tail, ..Logs::default() };
        companion::print_logs(ctx, COMPANION, &wanted, "logs:vector-start").await
    }
}
