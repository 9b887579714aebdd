use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Has the names of a new app answer 502 rather than nothing. The user is not made to wait for that.
pub struct AnswerAtOnce;

impl Reaction for AnswerAtOnce {
    type Trigger = triggers::PostCreate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        build::build_unseen(ctx, &trigger.app).await
    }
}
