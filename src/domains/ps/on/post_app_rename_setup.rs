use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Takes settings and Procfile along.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (old, new) = (&trigger.old, &trigger.new);
        properties::copy(ctx.layout(), "ps", old, new)?;
        properties::clear(ctx.layout(), "ps", &Scope::from(old))?;
        let data = |app| ctx.layout().app_data("ps", app);
        files::copy_all(&data(old), &data(new))?;
        Ok(files::remove_folder(&data(old))?)
    }
}
