use super::super::cache;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::PostDelete;

/// Removes what builds of the app have kept.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = PostDelete;

    async fn react(ctx: &Ctx, trigger: &PostDelete) -> Result {
        cache::purge(ctx, &trigger.app).await
    }
}
