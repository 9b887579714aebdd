use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::triggers::PostDelete;

use super::super::STORE;

/// Forgets what the last build sent to the engine.
pub struct OnPostDelete;

impl Reaction for OnPostDelete {
    type Trigger = PostDelete;

    async fn react(ctx: &Ctx, trigger: &PostDelete) -> Result {
        Ok(files::remove_folder(&ctx.layout().app_data(STORE, &trigger.app))?)
    }
}
