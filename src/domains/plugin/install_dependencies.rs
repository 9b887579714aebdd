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
    /// Fire it at each plugin, whatever became of the others
    #[arg(long, conflicts_with = "core")]
    keep_going: bool,
}

impl Command for InstallDependencies {
    const NAME: &'static str = "plugin:install-dependencies";

    async fn run(self, ctx: &Ctx) -> Result {
        if self.keep_going {
            return after::fire_at_each(ctx, || triggers::Dependencies {}).await;
        }
        let concerned = if self.core { after::core_alone(ctx) } else { after::renewed(ctx) };
        concerned.fire(triggers::Dependencies {}).await
    }
}
