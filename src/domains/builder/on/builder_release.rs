use crate::deploy::image_name;
use crate::kernel::{Ctx, Reaction, Result, Trigger};
use crate::triggers;

/// The release step of our builders, but for herokuish, which has one of its own. Their images carry all labels from the build on, so that it is what
/// others do around it; a plugin's builder fires the same triggers itself.
pub struct BuilderRelease;

impl Reaction for BuilderRelease {
    type Trigger = triggers::BuilderRelease;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderRelease) -> Result {
        let triggers::BuilderRelease { builder, app, image_tag } = trigger.clone();
        let instead = triggers::PreReleaseBuilder::NAME;
        let (of, tag) = (app.clone(), image_tag.clone());
        match builder.as_str() {
            "dockerfile" => {
                ctx.fire_deprecated(triggers::PreReleaseDockerfile { app: of, image_tag: tag }, instead)
                    .await?;
            }
            "lambda" => {
                ctx.fire_deprecated(triggers::PreReleaseLambda { app: of, image_tag: tag }, instead).await?;
            }
            "pack" => {
                ctx.fire_deprecated(triggers::PreReleasePack { app: of, image_tag: tag }, instead).await?;
            }
            "nixpacks" | "railpack" => {}
            _ => return Ok(()),
        }
        let image = image_name(&app, Some(&image_tag));
        let before =
            triggers::PreReleaseBuilder { builder: builder.clone(), app: app.clone(), image: image.clone() };
        ctx.fire(before).await?;
        ctx.fire(triggers::PostReleaseBuilder { builder, app, image }).await
    }
}
