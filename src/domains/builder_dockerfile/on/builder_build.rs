use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `builder-build` for the builder dockerfile.
pub struct BuilderBuild;

impl Reaction for BuilderBuild {
    type Trigger = triggers::BuilderBuild;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderBuild) -> Result {
        match trigger.builder.as_str() {
            "dockerfile" => super::super::build::build(ctx, &trigger.app, &trigger.work_dir).await,
            _ => Ok(()),
        }
    }
}
