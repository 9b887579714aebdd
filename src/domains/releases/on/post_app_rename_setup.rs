use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::PostAppRenameSetup;

/// Takes the releases along; the old app's go when that is destroyed. A clone begins with none.
pub struct Move;

impl Reaction for Move {
    type Trigger = PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppRenameSetup) -> Result {
        deploy::rename_releases(ctx, &trigger.old, &trigger.new).await
    }
}
