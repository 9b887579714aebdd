use crate::domains::openresty::includes;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// From now on the included files are those of the new release.
pub struct Promote;

impl Reaction for Promote {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        includes::promote(ctx, &trigger.app)
    }
}
