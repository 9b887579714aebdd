use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scale;
use crate::platform::files;
use crate::store::processes;
use crate::triggers;

/// A new app has one web process.
pub struct Begin;

impl Reaction for Begin {
    type Trigger = triggers::PostCreate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let begin = Scale::of_new_app();
        processes::change_scale(ctx.layout(), &trigger.app, |_| Ok(begin))?;
        Ok(files::create_folders(&ctx.layout().app_data("ps", &trigger.app), 0o755)?)
    }
}
