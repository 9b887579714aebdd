use super::change::{self, How, Restart};
use super::target::Target;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};

/// Unset one or more config vars
///
/// A deployed app is deployed again, even if none of them was set.
#[derive(clap::Args)]
pub struct Unset {
    #[command(flatten)]
    target: Target,
    /// Do not deploy the app again
    #[arg(long)]
    no_restart: bool,
    /// Names
    #[arg(value_name = "KEY")]
    keys: Vec<String>,
}

impl Command for Unset {
    const NAME: &'static str = "config:unset";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (scope, keys) = self.target.with_words(self.keys, ctx)?;
        if keys.is_empty() {
            return Err(Failure::user("At least one key must be given"));
        }
        change::unset(ctx, &scope, keys, How::of(Self::NAME, Restart::unless(self.no_restart))).await
    }
}
