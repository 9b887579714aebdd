use crate::kernel::{Command, Ctx, Failure, Result};
use crate::store::{plugin_limits, plugins};

/// Set what a plugin may take
///
/// There is one property, `timeout`: after so many seconds a program of the plugin that was called for a trigger is
/// stopped, and the trigger fails. 0 or nothing is no limit; that is the default. Without a value it is forgotten.
///
///     dokku plugin:set toys timeout 30
#[derive(clap::Args)]
pub struct Set {
    /// For all plugins that have none of their own
    #[arg(long)]
    global: bool,
    /// Name of the plugin, unless it is for all; the property; its value
    words: Vec<String>,
}

impl Command for Set {
    const NAME: &'static str = "plugin:set";

    async fn run(self, ctx: &Ctx) -> Result {
        let mut words = self.words.iter().map(String::as_str);
        let plugin = match self.global {
            true => "--global",
            false => {
                let Some(name) = words.next() else {
                    return Err(Failure::user("Please specify a plugin, or --global for all"));
                };
                if plugins::find(ctx.layout(), name)?.is_none() {
                    return Err(super::not_installed(name));
                }
                name
            }
        };
        match words.next() {
            Some("timeout") => {}
            Some(_) | None => {
                return Err(Failure::user("Invalid property specified, valid properties include: timeout"));
            }
        }
        let value = words.next().filter(|value| !value.is_empty());
        plugin_limits::set_timeout(ctx.layout(), plugin, value)?;
        ctx.out.unless_quiet().heading(match value {
            Some(value) => format!("Setting timeout to {value}"),
            None => "Unsetting timeout".to_owned(),
        });
        Ok(())
    }
}
