use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::ports;
use crate::triggers;

/// Remove all port mappings of an app, those detected by its last build as well
#[derive(clap::Args)]
pub struct Clear {
    /// Name of the app
    app: AppName,
}

impl Command for Clear {
    const NAME: &'static str = "ports:clear";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        clear(ctx, &self.app)?;
        ctx.fire(triggers::PostProxyPortsUpdate { app: self.app, action: "clear".to_owned() }).await
    }
}

/// Forgets both lists.
///
/// # Errors
/// When they cannot be removed.
pub fn clear(ctx: &Ctx, app: &AppName) -> Result {
    let _lock = ports::locked(ctx.layout(), app)?;
    ports::set_user(ctx.layout(), app, &[])?;
    Ok(ports::set_detected(ctx.layout(), app, &[])?)
}
