use crate::domains::git::repository::copy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::PostAppCloneSetup;

/// Copies the repository.
pub struct OnPostAppCloneSetup;

impl Reaction for OnPostAppCloneSetup {
    type Trigger = PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppCloneSetup) -> Result {
        copy(ctx, &trigger.old, &trigger.new)
    }
}
