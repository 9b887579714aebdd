use super::after;
use crate::kernel::{Command, Ctx, Result};
use crate::triggers;

/// Let plugins install the programs they need
///
/// Fires the trigger `dependencies`. What plugins install into the system is gone when the image is
/// replaced; each start of a new image fires it again.
#[derive(clap::Args)]
pub struct InstallDependencies {
    /// Core plugins only, which need nothing here
    #[arg(long)]
    core: bool,
}

impl Command for InstallDependencies {
    const NAME: &'static str = "plugin:install-dependencies";

    async fn run(self, ctx: &Ctx) -> Result {
        let concerned = if self.core { after::core_alone(ctx) } else { after::renewed(ctx) };
        concerned.fire(triggers::Dependencies {}).await
    }
}
