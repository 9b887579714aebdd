use crate::domains::openresty::includes;
use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::triggers;

/// Forgets the included files of a destroyed app.
pub struct ForgetIncludes;

impl Reaction for ForgetIncludes {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(files::remove_folder(&includes::folder(ctx, &trigger.app))?)
    }
}
