use super::add::missing;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{DomainName, Scope};
use crate::store::vhosts;

/// Replace the global domains
///
/// An app created from now on answers at its name below each of them; apps that are there keep theirs.
#[derive(clap::Args)]
pub struct SetGlobal {
    /// The global domains from now on
    domain: Vec<DomainName>,
}

impl Command for SetGlobal {
    const NAME: &'static str = "domains:set-global";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.domain.is_empty() {
            return Err(missing(Self::NAME, ""));
        }
        let domains: Vec<String> = self.domain.iter().map(ToString::to_string).collect();
        vhosts::write(ctx.layout(), &Scope::Global, &domains)?;
        ctx.out.step(format!("Set {}", domains.join(" ")));
        Ok(())
    }
}
