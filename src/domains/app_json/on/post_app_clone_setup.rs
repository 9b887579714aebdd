use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Gives a clone the settings of its original.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "app-json", &trigger.old, &trigger.new)?;
        let data = |app| ctx.layout().app_data("app-json", app);
        Ok(files::copy_all(&data(&trigger.old), &data(&trigger.new))?)
    }
}
