use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Takes the settings along.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "app-json", &trigger.old, &trigger.new)?;
        properties::clear(ctx.layout(), "app-json", &Scope::from(&trigger.old))?;
        let data = |app| ctx.layout().app_data("app-json", app);
        files::copy_all(&data(&trigger.old), &data(&trigger.new))?;
        Ok(files::remove_folder(&data(&trigger.old))?)
    }
}
