use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Routes to the new web containers before other process types are deployed.
pub struct Rebuild;

impl Reaction for Rebuild {
    type Trigger = triggers::SchedulerPostDeployProcess;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if !trigger.process_type.is_web() || !build::is_ours(ctx, &trigger.app).await? {
            return Ok(());
        }
        ctx.out.heading("Triggering early nginx proxy rebuild");
        ctx.fire(triggers::ProxyBuildConfig { app: trigger.app.clone() }).await
    }
}
