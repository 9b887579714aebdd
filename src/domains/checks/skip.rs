use super::change::{Types, Words};
use super::lists::{self, List};
use crate::kernel::{Command, Ctx, Gate, Result};

/// Deploy without checks
///
/// New containers still start before the old ones stop.
#[derive(clap::Args)]
pub struct Skip {
    #[command(flatten)]
    types: Types,
}

const WORDS: Words =
    Words { all: "Skipping zero downtime for app", some: "Skipping zero downtime for app's" };

impl Command for Skip {
    const NAME: &'static str = "checks:skip";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.types.change(ctx, &WORDS, |ctx, app, names| lists::put(ctx, app, List::Skipped, names))
    }
}
