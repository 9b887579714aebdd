use super::add::missing;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, Scope};
use crate::store::vhosts;
use crate::triggers;

/// Remove domains from an app
#[derive(clap::Args)]
pub struct Remove {
    /// Name of the app
    app: AppName,
    /// Domains to remove, in the words of domains:report
    domain: Vec<String>,
}

impl Command for Remove {
    const NAME: &'static str = "domains:remove";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.domain.is_empty() {
            return Err(missing(Self::NAME, "<app> "));
        }
        ctx.require_app(&self.app)?;
        take_away(ctx, &Scope::from(&self.app), &self.domain)?;
        for domain in &self.domain {
            ctx.out.step(format!("Removed {domain} from {}", self.app));
        }
        let (app, action) = (self.app, "remove".to_owned());
        ctx.fire(triggers::PostDomainsUpdate { app, action, domains: self.domain }).await
    }
}

/// Takes domains off a list; what is not on it is fine.
///
/// # Errors
/// When the list cannot be read or written.
pub fn take_away(ctx: &Ctx, scope: &Scope, domains: &[String]) -> Result {
    let _lock = vhosts::locked(ctx.layout(), scope)?;
    let mut all = vhosts::read(ctx.layout(), scope)?;
    all.retain(|known| !domains.contains(known));
    Ok(vhosts::write(ctx.layout(), scope, &all)?)
}
