use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Turns the domains of the app on and has it started anew.
pub struct TurnOn;

impl Reaction for TurnOn {
    type Trigger = triggers::ProxyEnable;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = trigger.app.clone();
        if !build::is_ours(ctx, &app).await? {
            return Ok(());
        }
        ctx.fire(triggers::DomainsEnable { app: app.clone(), restart_app: "false".to_owned() }).await?;
        ctx.fire(triggers::AppRestart { app }).await
    }
}
