use crate::domains::registry::push;
use crate::kernel::{Ctx, Reaction, Result, Trigger};
use crate::triggers;

/// Fires what plugins hooked before there was `pre-release-builder`, and sends the release to the registry.
pub struct Push;

impl Reaction for Push {
    type Trigger = triggers::PostReleaseBuilder;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let image_tag = trigger.image.rsplit(':').next().unwrap_or("latest").to_owned();
        let old = triggers::PreDeploy { app: trigger.app.clone(), image_tag };
        ctx.fire_deprecated(old, triggers::PreReleaseBuilder::NAME).await?;
        push::push(ctx, &trigger.app, &trigger.image).await
    }
}
