use super::add::missing;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{DomainName, Scope};
use crate::store::vhosts;

/// Add global domains
///
/// An app created from now on answers at its name below each of them.
#[derive(clap::Args)]
pub struct AddGlobal {
    /// Domains to add
    domain: Vec<DomainName>,
}

impl Command for AddGlobal {
    const NAME: &'static str = "domains:add-global";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.domain.is_empty() {
            return Err(missing(Self::NAME, ""));
        }
        let _lock = vhosts::locked(ctx.layout(), &Scope::Global)?;
        let mut all = vhosts::read(ctx.layout(), &Scope::Global)?;
        for domain in &self.domain {
            if all.iter().any(|known| known == domain.as_str()) {
                ctx.out.step(format!("Skipping {domain}: already added"));
            } else {
                all.push(domain.to_string());
                ctx.out.step(format!("Added {domain}"));
            }
        }
        Ok(vhosts::write(ctx.layout(), &Scope::Global, &all)?)
    }
}
