use crate::domains::nginx::written::Written;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Forgets a destroyed app.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        properties::clear(ctx.layout(), "nginx", &Scope::from(app))?;
        files::remove_folder(&ctx.layout().data("nginx-vhosts").join(format!("app-{app}")))?;
        Written::default().write(ctx, app)?;
        // An app must be destroyable with nginx down; the next start of the server finds that it is gone.
        if let Err(fault) = ctx.platform.proxy.apply(&ctx.layout().control_socket(), app).await {
            ctx.out.warn(fault.to_string());
        }
        Ok(())
    }
}
