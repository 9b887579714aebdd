use crate::kernel::{Ctx, Reaction, Result};
use crate::store::attachments;
use crate::triggers;

/// Gives a clone the mounts of its original: both then have the same folders.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let mounts = attachments::of(ctx.layout(), &trigger.old)?;
        if mounts.is_empty() {
            return Ok(());
        }
        let _lock = attachments::locked(ctx.layout(), &trigger.new)?;
        Ok(attachments::save(ctx.layout(), &trigger.new, &mounts)?)
    }
}
