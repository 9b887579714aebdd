use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Forgets the settings.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        files::remove_folder(&ctx.layout().app_data("app-json", &trigger.app))?;
        Ok(properties::clear(ctx.layout(), "app-json", &Scope::from(&trigger.app))?)
    }
}
