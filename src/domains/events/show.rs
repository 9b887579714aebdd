use std::path::Path;

use crate::kernel::{Command, Ctx, Gate, Result, Stream};
use crate::platform::follow::{Follower, last_lines};

/// How many lines are shown.
const LINES: usize = 100;

/// Show the last events
///
/// Prints nothing when nothing was logged yet.
#[derive(clap::Args)]
pub struct Show {
    /// Follow the log
    #[arg(short = 't', long = "tail")]
    tail: bool,
}

impl Command for Show {
    const NAME: &'static str = "events";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let path = ctx.layout().events_log();
        if self.tail {
            return follow(ctx, &path).await;
        }
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, &last_lines(&path, LINES)?);
        Ok(())
    }
}

async fn follow(ctx: &Ctx, path: &Path) -> Result {
    let mut follower = Follower::from_end(path, 10)?;
    loop {
        let bytes = follower.next().await?;
        if !bytes.is_empty() && ctx.out.raw(Stream::Stdout, &bytes).is_err() {
            return Ok(());
        }
    }
}
