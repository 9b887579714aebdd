use crate::kernel::{Ctx, Reaction, Result};
use crate::store::Extracted;
use crate::triggers;

/// Has whoever knows a part of app.json look at the one that was taken out of the code.
pub struct Check;

impl Reaction for Check {
    type Trigger = triggers::CorePostExtract;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (app, pid) = (&trigger.app, ctx.env.get("DOKKU_PID").unwrap_or_default());
        let Some(path) = Extracted::AppJson.file(ctx.layout(), app, pid) else { return Ok(()) };
        let path = path.display().to_string();
        ctx.fire(triggers::AppJsonIsValid { app: app.clone(), path }).await
    }
}
