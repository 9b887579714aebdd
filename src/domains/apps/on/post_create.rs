use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::triggers::PostCreate;

/// Makes the folder that locks will be in.
pub struct OnPostCreate;

impl Reaction for OnPostCreate {
    type Trigger = PostCreate;

    async fn react(ctx: &Ctx, trigger: &PostCreate) -> Result {
        Ok(files::create_folders(&ctx.layout().app_data("apps", &trigger.app), 0o755)?)
    }
}
