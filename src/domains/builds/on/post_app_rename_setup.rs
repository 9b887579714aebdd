use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::triggers::PostAppRenameSetup;

/// Takes the records along; the old ones go when the old app is destroyed.
pub struct OnPostAppRenameSetup;

impl Reaction for OnPostAppRenameSetup {
    type Trigger = PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppRenameSetup) -> Result {
        let (old, new) = (ctx.layout().builds(&trigger.old), ctx.layout().builds(&trigger.new));
        Ok(files::copy_all(&old, &new)?)
    }
}
