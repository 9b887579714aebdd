use crate::domains::apps::destroy;
use crate::kernel::{Ctx, Reaction, Result, confirm};
use crate::triggers::AppDestroy;

/// Does what `apps:destroy` does.
pub struct OnAppDestroy;

impl Reaction for OnAppDestroy {
    type Trigger = AppDestroy;

    async fn react(ctx: &Ctx, trigger: &AppDestroy) -> Result {
        ctx.require_app(&trigger.app)?;
        confirm::destruction(ctx, "app", trigger.app.as_str())?;
        destroy::destroy(ctx, &trigger.app).await
    }
}
