use crate::kernel::{Command, Ctx, Gate, Result};

use super::clear::Part;
use super::stored::Kind;

/// Remove the reservations of an app's resources
///
/// Without a process type limits go as well. Holds from the next deploy on.
#[derive(clap::Args)]
pub struct ReserveClear {
    #[command(flatten)]
    part: Part,
}

impl Command for ReserveClear {
    const NAME: &'static str = "resource:reserve-clear";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.part.clear(ctx, Kind::Reserve)
    }
}
