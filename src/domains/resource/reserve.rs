use crate::kernel::{Command, Ctx, Gate, Result};

use super::stored::Kind;
use super::values::Values;

/// Reserve resources for an app's containers
///
/// Holds from the next deploy on. A value `clear` removes one; without a value all are shown.
#[derive(clap::Args)]
pub struct Reserve {
    #[command(flatten)]
    values: Values,
}

impl Command for Reserve {
    const NAME: &'static str = "resource:reserve";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.values.set(ctx, Kind::Reserve)
    }
}
