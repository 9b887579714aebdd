use super::after;
use crate::kernel::{Command, Ctx, Failure, Result};
use crate::triggers;

/// Fire the trigger `install` at all plugins
///
/// That is what follows each installation; a plugin must stand it at any time.
#[derive(clap::Args)]
pub struct Install {
    /// Core plugins only
    #[arg(long)]
    core: bool,
    /// Where the plugin comes from
    url: Option<String>,
}

impl Command for Install {
    const NAME: &'static str = "plugin:install";

    async fn run(self, ctx: &Ctx) -> Result {
        if self.url.is_some() {
            ctx.out.warn("First argument must be --core or url to plugin");
            return Err(Failure::user("Please retry with valid arguments"));
        }
        let concerned = if self.core { after::core_alone(ctx) } else { after::renewed(ctx) };
        concerned.fire(triggers::Install {}).await?;
        after::give_to_dokku(ctx)?;
        after::prime_completion(ctx).await
    }
}
