use super::add::missing;
use super::{owners, switch};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, DomainName, Scope};
use crate::store::vhosts;

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
        let scope = Scope::from(&self.app);
        let before;
        {
            let _nobody_else = owners::settling(ctx)?;
            owners::require_free(ctx, &self.app, &domains).await?;
            before = vhosts::known(ctx.layout(), &scope)?;
            vhosts::write(ctx.layout(), &scope, &domains)?;
        }
        ctx.out.step(format!("Set {} for {}", domains.join(" "), self.app));
        switch::follow_new_domains(ctx, &self.app, switch::Change { action: "set", domains, before }).await
    }
}
