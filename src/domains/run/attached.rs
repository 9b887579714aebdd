use super::options::Options;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Run a command in a new container of an app's image
///
/// The container has the app's variables, is gone when the command ends, and ends with its status. Standard input is
/// passed on; with a terminal at hand it has one too.
///
/// Example: dokku run --env DEBUG=1 shop rake db:migrate
#[derive(clap::Args)]
pub struct Run {
    #[command(flatten)]
    options: Options,
}

impl Command for Run {
    const NAME: &'static str = "run";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.options.run(ctx, &[]).await
    }
}
