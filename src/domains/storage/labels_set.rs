use crate::kernel::{Command, Ctx, Gate, Result};

use super::metadata::{self, LABELS};

/// Set or clear a label of a storage entry
///
/// Without a value that label is taken away; the others stay. They are for tools of the cluster that the entry's
/// volume is in.
#[derive(clap::Args)]
pub struct LabelsSet {
    /// Name of the entry
    #[arg(default_value = "")]
    name: String,
    /// Its key
    #[arg(default_value = "")]
    key: String,
    /// Its value
    #[arg(default_value = "")]
    value: String,
}

impl Command for LabelsSet {
    const NAME: &'static str = "storage:labels:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        metadata::set(ctx, LABELS, &self.name, &self.key, &self.value).await
    }
}
