use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Gives a clone the settings of its original, but not its routes.
pub struct Copy;

impl Reaction for Copy {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "nginx", &trigger.old, &trigger.new)?;
        files::remove(&ctx.layout().nginx_conf(&trigger.new))?;
        Ok(())
    }
}
