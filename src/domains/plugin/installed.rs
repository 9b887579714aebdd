use crate::kernel::{Command, Ctx, Failure, Result};
use crate::store::plugins;

/// Tell by the exit status whether a plugin is installed
///
/// 0 when it is, enabled or not, native or not; else 1. Prints nothing.
#[derive(clap::Args)]
pub struct Installed {
    /// Name of the plugin
    name: String,
}

impl Command for Installed {
    const NAME: &'static str = "plugin:installed";

    async fn run(self, ctx: &Ctx) -> Result {
        match super::is_core(ctx, &self.name) || plugins::find(ctx.layout(), &self.name)?.is_some() {
            true => Ok(()),
            false => Err(Failure::inner(1)),
        }
    }
}
