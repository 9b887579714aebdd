use crate::kernel::{Command, Ctx, Gate, Result};

use super::clear::Part;
use super::stored::Kind;

/// Remove the limits of an app's resources
///
/// Without a process type reservations go as well. Holds from the next deploy on.
#[derive(clap::Args)]
pub struct LimitClear {
    #[command(flatten)]
    part: Part,
}

impl Command for LimitClear {
    const NAME: &'static str = "resource:limit-clear";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.part.clear(ctx, Kind::Limit)
    }
}
