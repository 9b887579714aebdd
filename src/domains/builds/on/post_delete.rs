use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::triggers::PostDelete;

/// Forgets records and logs.
pub struct OnPostDelete;

impl Reaction for OnPostDelete {
    type Trigger = PostDelete;

    async fn react(ctx: &Ctx, trigger: &PostDelete) -> Result {
        Ok(files::remove_folder(&ctx.layout().builds(&trigger.app))?)
    }
}
