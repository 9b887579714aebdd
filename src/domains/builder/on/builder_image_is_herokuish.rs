use crate::domains::builder::image_type;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `builder-image-is-herokuish`, for plugins.
pub struct BuilderImageIsHerokuish;

impl Reaction for BuilderImageIsHerokuish {
    type Trigger = triggers::BuilderImageIsHerokuish;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderImageIsHerokuish) -> Result<bool> {
        image_type::is_herokuish(ctx, &trigger.app, &trigger.image).await
    }
}
