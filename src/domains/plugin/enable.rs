use super::after;
use crate::kernel::{Command, Ctx, Failure, Result};
use crate::platform::files;
use crate::store::plugins;

/// Call a plugin that is installed
#[derive(clap::Args)]
pub struct Enable {
    /// Name of the plugin
    name: Option<String>,
}

impl Command for Enable {
    const NAME: &'static str = "plugin:enable";

    async fn run(self, ctx: &Ctx) -> Result {
        let Some(name) = self.name else { return Err(Failure::user("Please specify a plugin to enable")) };
        let name = plugins::checked(&name)?;
        if ctx.bus.is_disabled(ctx.layout(), name)? {
            plugins::set_core_disabled(ctx.layout(), name, false)?;
            ctx.out.unless_quiet().step(format!("Plugin {name} enabled"));
            return after::follow(ctx).await;
        }
        if super::is_core(ctx, name) || files::exists(&ctx.layout().plugins_enabled().join(name)) {
            return Err(Failure::user("Plugin already enabled"));
        }
        if plugins::find(ctx.layout(), name)?.is_none() {
            return Err(Failure::user("Plugin does not exist"));
        }
        plugins::enable(ctx.layout(), name)?;
        ctx.out.unless_quiet().step(format!("Plugin {name} enabled"));
        after::follow(ctx).await
    }
}
