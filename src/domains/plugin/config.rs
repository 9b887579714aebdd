use toml::Value;

use super::after;
use crate::kernel::{Command, Ctx, Failure, Result};
use crate::model::PluginTable;
use crate::store::{plugin_settings, plugins};

/// Show or change the settings of a plugin
///
/// Its programs find each as the variable `CONFIG_<key>`. Without a key all are shown. Which there are, and their
/// defaults, stands in the table `[plugin.config]` of its `plugin.toml`.
///
///     dokku plugin:config toys color blue
#[derive(clap::Args)]
pub struct Config {
    /// Name of the plugin
    plugin: String,
    /// The setting
    key: Option<String>,
    /// Its value from now on
    #[arg(allow_hyphen_values = true)]
    value: Option<String>,
    /// Take the default again
    #[arg(long, requires = "key", conflicts_with = "value")]
    unset: bool,
}

impl Command for Config {
    const NAME: &'static str = "plugin:config";

    async fn run(self, ctx: &Ctx) -> Result {
        let layout = ctx.layout();
        let Some(plugin) = plugins::find(layout, &self.plugin)? else {
            return Err(super::not_installed(&self.plugin));
        };
        let about = plugin.manifest()?.plugin;
        let chosen = plugin_settings::chosen(layout, &plugin.name)?;
        let shown = |key: &str, default: &Value| text(chosen.get(key).unwrap_or(default));
        let Some(key) = &self.key else {
            for (key, default) in &about.config {
                ctx.out.plain(format!("{key}: {}", shown(key, default)));
            }
            return Ok(());
        };
        let Some(default) = about.config.get(key) else { return Err(unknown(&plugin.name, key, &about)) };
        match &self.value {
            Some(value) => {
                plugin_settings::choose(layout, &plugin.name, key, value)?;
                after::tell_server(ctx).await;
                ctx.out.unless_quiet().heading(format!("Setting {key} of {} to {value}", plugin.name));
            }
            None if self.unset => {
                plugin_settings::forget(layout, &plugin.name, key)?;
                after::tell_server(ctx).await;
                ctx.out.unless_quiet().heading(format!("Unsetting {key} of {}", plugin.name));
            }
            None => ctx.out.plain(shown(key, default)),
        }
        Ok(())
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn unknown(plugin: &str, key: &str, about: &PluginTable) -> Failure {
    let keys: Vec<&str> = about.config.keys().map(String::as_str).collect();
    let failure = Failure::user(format!("Plugin {plugin} has no setting {key}"));
    match keys.as_slice() {
        [] => failure.hint("Its plugin.toml names none, below [plugin.config]"),
        keys => failure.hint(format!("It has: {}", keys.join(", "))),
    }
}
