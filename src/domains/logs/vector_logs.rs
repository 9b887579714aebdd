use futures_util::StreamExt;

use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::platform::docker::Logs;

use super::vector::CONTAINER;

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
        let docker = &ctx.platform.docker;
        let container = match docker.inspect_container(CONTAINER).await {
            Err(error) if error.is_not_found() => {
                return Err(Failure::user("Vector container does not exist")
                    .hint("`dokku logs:vector-start` makes one"));
            }
            found => found?,
        };
        if !container.state.running {
            ctx.out.warn("Vector container is not running");
        }
        ctx.out.unless_quiet().step("Vector container logs");
        let wanted = Logs { tail: Some(self.num), follow: self.tail, ..Logs::default() };
        let mut chunks = docker.container_logs(CONTAINER, &wanted).await?;
        while let Some(chunk) = chunks.next().await {
            if ctx.out.raw(Stream::Stdout, &chunk?.bytes).is_err() {
                // Nobody reads any more.
                break;
            }
        }
        Ok(())
    }
}
