use super::add::missing;
use super::switch;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, DomainName, Scope};
use crate::store::vhosts;
use crate::triggers;

/// Replace the domains of an app
///
/// Domains that were turned off for the app are turned on again.
#[derive(clap::Args)]
pub struct Set {
    /// Name of the app
    app: AppName,
    /// The domains it has from now on
    domain: Vec<DomainName>,
}

impl Command for Set {
    const NAME: &'static str = "domains:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.domain.is_empty() {
            return Err(missing(Self::NAME, "<app> "));
        }
        ctx.require_app(&self.app)?;
        let domains: Vec<String> = self.domain.iter().map(ToString::to_string).collect();
        vhosts::write(ctx.layout(), &Scope::from(&self.app), &domains)?;
        ctx.out.step(format!("Set {} for {}", domains.join(" "), self.app));
        switch::on_for_new_domains(ctx, &self.app).await?;
        ctx.fire(triggers::PostDomainsUpdate { app: self.app, action: "set".to_owned(), domains }).await
    }
}
