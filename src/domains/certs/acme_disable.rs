use super::acme::withdraw_proof;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::acme;

/// Renew the certificate of an app no more
///
/// The one that it has stays. `certs:remove` removes it, and ends its renewal too.
#[derive(clap::Args)]
pub struct AcmeDisable {
    /// Name of the app
    app: AppName,
}

impl Command for AcmeDisable {
    const NAME: &'static str = "certs:acme-disable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        if !renew_no_more(ctx, &self.app).await? {
            ctx.out.step(format!("No authority issues the certificate of {}", self.app));
        }
        Ok(())
    }
}

/// Ends the renewal, if there is one. Tells whether there was.
///
/// # Errors
/// When what is kept of it cannot be removed.
pub async fn renew_no_more(ctx: &Ctx, app: &AppName) -> Result<bool> {
    let was_renewed = acme::remove(ctx.layout(), app)?;
    if was_renewed {
        ctx.out.step(format!("The certificate of {app} is renewed no more"));
        withdraw_proof(ctx, app).await?;
    }
    Ok(was_renewed)
}
