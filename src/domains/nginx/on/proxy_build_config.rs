use crate::domains::nginx::{build, clear};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Routes to what the app runs now.
pub struct Build;

impl Reaction for Build {
    type Trigger = triggers::ProxyBuildConfig;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = trigger.app.clone();
        if !build::is_ours(ctx, &app).await? {
            return clear::because_others_route(ctx, &app).await;
        }
        if ctx.fire(triggers::NetworkConfigExists { app: app.clone() }).await? {
            ctx.fire(triggers::NetworkBuildConfig { app: app.clone() }).await?;
        }
        build::build(ctx, &app).await
    }
}
