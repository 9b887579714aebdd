use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::PostDelete;

/// Forgets the releases, and takes their names off the images.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = PostDelete;

    async fn react(ctx: &Ctx, trigger: &PostDelete) -> Result {
        deploy::forget_releases(ctx, &trigger.app).await
    }
}
