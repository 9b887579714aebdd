use crate::kernel::{Command, Ctx, Gate, Result};

use super::metadata::{Change, LABELS};

/// Set or clear a label of a storage entry
///
/// Without a value that label is taken away; the others stay. They are for tools of the cluster that the entry's
/// volume is in.
#[derive(clap::Args)]
pub struct LabelsSet {
    #[command(flatten)]
    change: Change,
}

impl Command for LabelsSet {
    const NAME: &'static str = "storage:labels:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.change.make(ctx, LABELS).await
    }
}
