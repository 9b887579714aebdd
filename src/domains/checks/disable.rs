use super::change::{Types, Words};
use super::lists::{self, List};
use crate::kernel::{Command, Ctx, Gate, Result};

/// Turn zero-downtime deploys off
///
/// The old containers stop before the new ones start, and nothing is checked.
#[derive(clap::Args)]
pub struct Disable {
    #[command(flatten)]
    types: Types,
}

const WORDS: Words =
    Words { all: "Disabling zero downtime for app", some: "Disabling zero downtime for app's" };

impl Command for Disable {
    const NAME: &'static str = "checks:disable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.types.change(ctx, &WORDS, |ctx, app, names| lists::put(ctx, app, List::Disabled, names))
    }
}
