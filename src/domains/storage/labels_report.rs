use crate::kernel::{Command, Ctx, Gate, Result};

use super::metadata::{self, LABELS};

/// Show the labels of one storage entry, or of all
///
/// `--format json` prints them as an object; `--storage-labels.KEY` prints one value of the entry that is named.
#[derive(clap::Args)]
pub struct LabelsReport {
    /// Name of the entry, `--format` and a flag
    #[arg(value_name = "NAME", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Command for LabelsReport {
    const NAME: &'static str = "storage:labels:report";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        metadata::report(ctx, LABELS, &self.words)
    }
}
