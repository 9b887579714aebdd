use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Routes to the new containers, should that not have happened with the web process.
pub struct Rebuild;

impl Reaction for Rebuild {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if !build::is_ours(ctx, &trigger.app).await? || build::is_current(ctx, &trigger.app).await? {
            return Ok(());
        }
        ctx.fire(triggers::ProxyBuildConfig { app: trigger.app.clone() }).await
    }
}
