use super::{after, roles};
use crate::kernel::{Command, Ctx, Failure, Result};
use crate::platform::files;
use crate::store::plugins;

/// Call a plugin no more
///
/// Its folder and its data stay; plugin:enable calls it again. Of the core's own, builders, proxies and schedulers may
/// be disabled, for a plugin to take their place. What they have made so far stays.
#[derive(clap::Args)]
pub struct Disable {
    /// Name of the plugin
    name: Option<String>,
}

impl Command for Disable {
    const NAME: &'static str = "plugin:disable";

    async fn run(self, ctx: &Ctx) -> Result {
        let Some(name) = self.name else { return Err(Failure::user("Please specify a plugin to disable")) };
        let name = plugins::checked(&name)?;
        if super::is_core(ctx, name) {
            return disable_core(ctx, name).await;
        }
        if !files::exists(&ctx.layout().plugins_enabled().join(name)) {
            return Err(Failure::user("Plugin already disabled"));
        }
        if plugins::find(ctx.layout(), name)?.is_none() {
            return Err(Failure::user("Plugin does not exist"));
        }
        plugins::disable(ctx.layout(), name)?;
        ctx.out.unless_quiet().step(format!("Plugin {name} disabled"));
        after::follow(ctx).await
    }
}

async fn disable_core(ctx: &Ctx, name: &str) -> Result {
    if !ctx.bus.domains().iter().any(|domain| domain.plugin == name && roles::is_replaceable(domain)) {
        return Err(Failure::user("Cannot disable a core plugin"));
    }
    if ctx.bus.is_disabled(ctx.layout(), name)? {
        return Err(Failure::user("Plugin already disabled"));
    }
    plugins::set_core_disabled(ctx.layout(), name, true)?;
    ctx.out.unless_quiet().step(format!("Plugin {name} disabled"));
    after::follow(ctx).await
}
