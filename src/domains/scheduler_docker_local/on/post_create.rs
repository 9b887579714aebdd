use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::triggers;

/// Makes the folder of the app.
pub struct Begin;

impl Reaction for Begin {
    type Trigger = triggers::PostCreate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(files::create_folders(&ctx.layout().app_data("scheduler-docker-local", &trigger.app), 0o755)?)
    }
}
