use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;
use crate::triggers::PostDelete;

/// Forgets locks and properties.
pub struct OnPostDelete;

impl Reaction for OnPostDelete {
    type Trigger = PostDelete;

    async fn react(ctx: &Ctx, trigger: &PostDelete) -> Result {
        files::remove_folder(&ctx.layout().app_data("apps", &trigger.app))?;
        Ok(properties::clear(ctx.layout(), "apps", &Scope::from(&trigger.app))?)
    }
}
