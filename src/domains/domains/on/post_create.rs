use crate::domains::domains::defaults;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::vhosts;
use crate::triggers;

/// Gives a new app its default domains.
pub struct WriteDefaults;

impl Reaction for WriteDefaults {
    type Trigger = triggers::PostCreate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if !vhosts::is_enabled(ctx.layout(), &trigger.app)? {
            ctx.out.step("App virtual host support disabled, skipping domain setup");
            return Ok(());
        }
        defaults::set_up(ctx, &trigger.app).await
    }
}
