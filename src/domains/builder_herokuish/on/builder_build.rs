use super::super::{BUILDER, build};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `builder-build` for the builder herokuish.
pub struct BuilderBuild;

impl Reaction for BuilderBuild {
    type Trigger = triggers::BuilderBuild;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderBuild) -> Result {
        if trigger.builder == BUILDER {
            build::build(ctx, &trigger.app, &trigger.work_dir).await
        } else {
            Ok(())
        }
    }
}
