use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers::PostAppRenameSetup;

/// Copies the properties; the old ones go when the old app is destroyed.
pub struct OnPostAppRenameSetup;

impl Reaction for OnPostAppRenameSetup {
    type Trigger = PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppRenameSetup) -> Result {
        Ok(properties::copy(ctx.layout(), "apps", &trigger.old, &trigger.new)?)
    }
}
