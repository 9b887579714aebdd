use crate::kernel::{Ctx, Reaction, Result, Trigger};
use crate::triggers;

/// Fires what plugins hooked before there was `pre-release-builder`.
pub struct OldHook;

impl Reaction for OldHook {
    type Trigger = triggers::PostReleaseBuilder;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let image_tag = trigger.image.rsplit(':').next().unwrap_or("latest").to_owned();
        let old = triggers::PreDeploy { app: trigger.app.clone(), image_tag };
        ctx.fire_deprecated(old, triggers::PreReleaseBuilder::NAME).await
    }
}
