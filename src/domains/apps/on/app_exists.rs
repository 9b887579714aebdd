use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::AppExists;

/// Fails unless the app is there and the caller may see it.
pub struct OnAppExists;

impl Reaction for OnAppExists {
    type Trigger = AppExists;

    async fn react(ctx: &Ctx, trigger: &AppExists) -> Result {
        ctx.require_app(&trigger.app)
    }
}
