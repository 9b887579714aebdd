use crate::domains::openresty::includes;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Keeps the files of the source that openresty is to include.
pub struct Take;

impl Reaction for Take {
    type Trigger = triggers::CorePostExtract;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        match ctx.code(&trigger.work_dir) {
            Some(code) => includes::take(ctx, &trigger.app, code.as_ref()),
            None => Ok(()),
        }
    }
}
