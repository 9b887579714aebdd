use super::add::missing;
use super::remove::take_away;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::Scope;

/// Remove global domains
///
/// Apps keep the domains they have.
#[derive(clap::Args)]
pub struct RemoveGlobal {
    /// Domains to remove
    domain: Vec<String>,
}

impl Command for RemoveGlobal {
    const NAME: &'static str = "domains:remove-global";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.domain.is_empty() {
            return Err(missing(Self::NAME, ""));
        }
        take_away(ctx, &Scope::Global, &self.domain)?;
        for domain in &self.domain {
            ctx.out.step(format!("Removed {domain}"));
        }
        Ok(())
    }
}
