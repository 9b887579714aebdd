use crate::domains::git::repository::copy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::PostAppRenameSetup;

/// Copies the repository; the old one goes with the old app's folder.
pub struct OnPostAppRenameSetup;

impl Reaction for OnPostAppRenameSetup {
    type Trigger = PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppRenameSetup) -> Result {
        copy(ctx, &trigger.old, &trigger.new)
    }
}
