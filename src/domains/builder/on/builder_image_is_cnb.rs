use crate::domains::builder::image_type;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `builder-image-is-cnb`, for plugins.
pub struct BuilderImageIsCnb;

impl Reaction for BuilderImageIsCnb {
    type Trigger = triggers::BuilderImageIsCnb;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderImageIsCnb) -> Result<bool> {
        image_type::is_cnb(ctx, &trigger.image).await
    }
}
