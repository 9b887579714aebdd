use super::options::Options;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Run a command in a new container that goes on by itself
///
/// Prints the container's name; `run:logs` shows what it writes.
#[derive(clap::Args)]
pub struct Detached {
    #[command(flatten)]
    options: Options,
}

impl Command for Detached {
    const NAME: &'static str = "run:detached";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let detached = ("DOKKU_DETACH_CONTAINER", "1");
        self.options.run(ctx, &[detached, ("DOKKU_DISABLE_TTY", "true")]).await
    }
}
