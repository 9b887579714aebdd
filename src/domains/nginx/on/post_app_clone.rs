use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Has the names of a clone that is not built answer 502, as those of any new app. Its domains and ports are known by now.
pub struct AnswerUnbuilt;

impl Reaction for AnswerUnbuilt {
    type Trigger = triggers::PostAppClone;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        build::build_unbuilt(ctx, &trigger.new).await
    }
}
