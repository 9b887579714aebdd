use super::change::{Types, Words};
use super::lists;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Turn zero-downtime deploys on
///
/// Undoes checks:disable and checks:skip.
#[derive(clap::Args)]
pub struct Enable {
    #[command(flatten)]
    types: Types,
}

const WORDS: Words =
    Words { all: "Enabling zero downtime for app's", some: "Enabling zero downtime for app's" };

impl Command for Enable {
    const NAME: &'static str = "checks:enable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.types.change(ctx, &WORDS, lists::clear)
    }
}
