use super::super::{BUILDER, release};
use crate::deploy::image_name;
use crate::kernel::{Ctx, Reaction, Result, Trigger};
use crate::triggers;

/// `builder-release` for the builder herokuish: what others do before, our own step, what others do after.
pub struct BuilderRelease;

impl Reaction for BuilderRelease {
    type Trigger = triggers::BuilderRelease;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderRelease) -> Result {
        let triggers::BuilderRelease { builder, app, image_tag } = trigger.clone();
        if builder != BUILDER {
            return Ok(());
        }
        let image = image_name(&app, Some(&image_tag));
        let old = triggers::PreReleaseBuildpack { app: app.clone(), image_tag };
        ctx.fire_deprecated(old, triggers::PreReleaseBuilder::NAME).await?;
        let before =
            triggers::PreReleaseBuilder { builder: builder.clone(), app: app.clone(), image: image.clone() };
        ctx.fire(before).await?;
        release::release(ctx, &app).await?;
        ctx.fire(triggers::PostReleaseBuilder { builder, app, image }).await
    }
}
