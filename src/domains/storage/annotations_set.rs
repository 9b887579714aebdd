use crate::kernel::{Command, Ctx, Gate, Result};

use super::metadata::{self, ANNOTATIONS};

/// Set or clear an annotation of a storage entry
///
/// Without a value that annotation is taken away; the others stay. They are for tools of the cluster that the entry's
/// volume is in.
#[derive(clap::Args)]
pub struct AnnotationsSet {
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

impl Command for AnnotationsSet {
    const NAME: &'static str = "storage:annotations:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        metadata::set(ctx, ANNOTATIONS, &self.name, &self.key, &self.value).await
    }
}
