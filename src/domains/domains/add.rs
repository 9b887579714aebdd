use super::{owners, switch};
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::{AppName, DomainName, Scope};
use crate::store::vhosts;

/// Add domains to an app
///
/// The proxy answers to them at once. Domains that were turned off for the app are turned on again.
#[derive(clap::Args)]
pub struct Add {
    /// Name of the app
    app: AppName,
    /// Domains to add
    domain: Vec<DomainName>,
}

impl Command for Add {
    const NAME: &'static str = "domains:add";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.domain.is_empty() {
            return Err(missing(Self::NAME, "<app> "));
        }
        ctx.require_app(&self.app)?;
        add(ctx, &self.app, &self.domain).await
    }
}

/// What a command says when no domain was named.
pub fn missing(command: &str, app: &str) -> Failure {
    Failure::user(format!(
        "Please specify a domain name. Usage: dokku {command} {app}<domain> [<domain> ...]"
    ))
}

/// Adds the domains that the app does not have yet.
///
/// # Errors
/// When one is another app's, they cannot be written, or the proxy refuses them: then nothing has changed.
pub async fn add(ctx: &Ctx, app: &AppName, domains: &[DomainName]) -> Result {
    let scope = Scope::from(app);
    let wanted: Vec<String> = domains.iter().map(ToString::to_string).collect();
    let before;
    {
        let _nobody_else = owners::settling(ctx)?;
        owners::require_free(ctx, app, &wanted).await?;
        let _lock = vhosts::locked(ctx.layout(), &scope)?;
        before = vhosts::known(ctx.layout(), &scope)?;
        let mut all = vhosts::read(ctx.layout(), &scope)?;
        for domain in &wanted {
            if all.contains(domain) {
                ctx.out.step(format!("Skipping: {domain} already added to {app}"));
            } else {
                all.push(domain.clone());
                ctx.out.step(format!("Added {domain} to {app}"));
            }
        }
        vhosts::write(ctx.layout(), &scope, &all)?;
    }
    switch::follow_new_domains(ctx, app, switch::Change { action: "add", domains: wanted, before }).await
}
