use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::certificates;
use crate::triggers;

/// Removes the certificate of an app.
pub struct Remove;

impl Reaction for Remove {
    type Trigger = triggers::CertsRemove;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        ctx.require_app(app)?;
        if !certificates::has_folder(ctx.layout(), app) {
            return Err(Failure::user("An app-specific SSL endpoint is not defined"));
        }
        ctx.out.step(format!("Removing SSL endpoint from {app}"));
        certificates::remove(ctx.layout(), app)?;
        ctx.fire(triggers::PostCertsRemove { app: app.clone() }).await?;
        super::tell(ctx, app).await
    }
}
