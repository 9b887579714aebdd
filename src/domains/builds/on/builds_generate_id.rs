use crate::kernel::{Ctx, Reaction, Result};
use crate::store::builds;
use crate::triggers::BuildsGenerateId;

/// Answers with a new id.
pub struct OnBuildsGenerateId;

impl Reaction for OnBuildsGenerateId {
    type Trigger = BuildsGenerateId;

    async fn react(ctx: &Ctx, trigger: &BuildsGenerateId) -> Result<String> {
        let BuildsGenerateId {} = trigger;
        Ok(builds::new_id(&ctx.platform) + "\n")
    }
}
