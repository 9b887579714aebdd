use super::after;
use crate::kernel::{Command, Ctx, Failure, Result};
use crate::store::plugins::{self, Change};
use crate::store::{plugin_limits, plugin_settings};
use crate::triggers;

/// Uninstall a plugin
///
/// Fires the trigger `uninstall` with its name, by which it removes what it made, and then removes its folder.
#[derive(clap::Args)]
pub struct Uninstall {
    /// Name of the plugin
    name: Option<String>,
}

impl Command for Uninstall {
    const NAME: &'static str = "plugin:uninstall";

    async fn run(self, ctx: &Ctx) -> Result {
        let Some(name) = self.name else { return Err(Failure::user("Please specify a plugin to uninstall")) };
        let name = plugins::checked(&name)?;
        if super::is_core(ctx, name) {
            return Err(Failure::user("Cannot uninstall a core plugin"));
        }
        let _change = Change::begin(ctx.layout())?;
        if plugins::find(ctx.layout(), name)?.is_none() {
            return Err(super::not_installed(name));
        }
        ctx.fire(triggers::Uninstall { plugin: name.to_owned() }).await?;
        plugins::remove(ctx.layout(), name)?;
        for forgotten in
            [plugin_settings::forget_all(ctx.layout(), name), plugin_limits::forget(ctx.layout(), name)]
        {
            if let Err(fault) = forgotten {
                ctx.out.warn(fault.to_string());
            }
        }
        ctx.out.unless_quiet().step(format!("Plugin {name} uninstalled"));
        after::follow(ctx).await
    }
}
