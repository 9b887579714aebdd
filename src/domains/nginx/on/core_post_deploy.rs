use crate::domains::nginx::{build, clear};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Routes to what the whole release runs: with the web process only that one was there. Where nothing is different
/// now, nginx is not told anything. What another proxy leads to is routed to no longer.
pub struct Rebuild;

impl Reaction for Rebuild {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if !build::is_ours(ctx, &trigger.app).await? {
            return clear::because_others_route(ctx, &trigger.app).await;
        }
        ctx.fire(triggers::ProxyBuildConfig { app: trigger.app.clone() }).await
    }
}
