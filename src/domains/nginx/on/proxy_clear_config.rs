use crate::domains::nginx::{build, clear};
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::apps;
use crate::triggers;

/// Routes to an app, or to any, no longer.
pub struct Clear;

impl Reaction for Clear {
    type Trigger = triggers::ProxyClearConfig;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let apps = if trigger.app == "--all" { apps::all(ctx.layout())? } else { vec![trigger.app.parse()?] };
        for app in apps {
            if build::is_ours(ctx, &app).await? {
                ctx.fire(triggers::NetworkClearConfig { app: app.clone() }).await?;
                clear::clear(ctx, &app).await?;
            }
        }
        Ok(())
    }
}
