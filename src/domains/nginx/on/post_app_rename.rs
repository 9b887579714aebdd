use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Has the new names of an app that is not built answer 502: what it ran under its old name is gone.
pub struct AnswerUnbuilt;

impl Reaction for AnswerUnbuilt {
    type Trigger = triggers::PostAppRename;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        build::build_unbuilt(ctx, &trigger.new).await
    }
}
