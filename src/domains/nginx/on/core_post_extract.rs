use crate::domains::nginx::{build, own_template, plan};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Renders the app's own template before anything is built: a mistake in it ends the push at once.
pub struct CheckTemplate;

impl Reaction for CheckTemplate {
    type Trigger = triggers::CorePostExtract;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        if own_template::of_app(ctx, app)?.is_none() || !build::is_ours(ctx, app).await? {
            return Ok(());
        }
        ctx.silenced().fire(triggers::PortsConfigure { app: app.clone() }).await?;
        let mut plan = plan::make(ctx, app).await?;
        own_template::check(ctx, app, &mut plan).await
    }
}
