use crate::kernel::{Command, Ctx, Gate, Result};

use super::metadata::{ANNOTATIONS, Change};

/// Set or clear an annotation of a storage entry
///
/// Without a value that annotation is taken away; the others stay. They are for tools of the cluster that the entry's
/// volume is in.
#[derive(clap::Args)]
pub struct AnnotationsSet {
    #[command(flatten)]
    change: Change,
}

impl Command for AnnotationsSet {
    const NAME: &'static str = "storage:annotations:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.change.make(ctx, ANNOTATIONS).await
    }
}
