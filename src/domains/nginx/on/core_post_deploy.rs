use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Routes to what the whole release runs: with the web process only that one was there. Where nothing is different
/// now, nginx is not told anything.
pub struct Rebuild;

impl Reaction for Rebuild {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if !build::is_ours(ctx, &trigger.app).await? {
            return Ok(());
        }
        ctx.fire(triggers::ProxyBuildConfig { app: trigger.app.clone() }).await
    }
}
