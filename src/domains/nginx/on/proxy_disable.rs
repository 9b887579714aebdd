use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Turns the domains of the app off and has it started anew.
pub struct TurnOff;

impl Reaction for TurnOff {
    type Trigger = triggers::ProxyDisable;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = trigger.app.clone();
        if !build::is_ours(ctx, &app).await? {
            return Ok(());
        }
        ctx.fire(triggers::DomainsDisable { app: app.clone(), restart_app: "false".to_owned() }).await?;
        ctx.fire(triggers::AppRestart { app }).await
    }
}
