use crate::kernel::{Command, Ctx, Failure, Gate, Host, Result, program};
use crate::platform::files;
use crate::platform::process::{self, Input, Output, Program};

/// Become a plugin's daemon
///
/// The server does this for each plugin that has one, and again when it ends. By hand it takes the running one's place.
#[derive(clap::Args)]
pub struct Daemon {
    /// Name of the plugin
    plugin: String,
}

impl Command for Daemon {
    const NAME: &'static str = "plugin:daemon";
    const GATE: Gate = Gate::RootAsDokku;

    async fn run(self, ctx: &Ctx) -> Result {
        let plugins = ctx.bus.plugins(ctx.layout())?;
        let Some(plugin) = plugins.iter().find(|plugin| plugin.name == self.plugin) else {
            return Err(super::not_installed(&self.plugin));
        };
        let Host::Daemon(daemon) = &plugin.host else {
            return Err(Failure::user(format!("Plugin {} has no daemon", plugin.name)));
        };
        let socket = ctx.layout().plugin_socket(&plugin.name);
        // One of an earlier daemon would be in its way.
        files::remove(&socket)?;
        let mut env = program::environment(ctx, plugin)?;
        env.set("DOKKU_PLUGIN_SOCKET", socket.display().to_string());
        Err(process::become_program(&Program {
            path: plugin.folder.join(&daemon.program),
            arguments: Vec::new(),
            env,
            folder: Some(plugin.folder.clone()),
            input: Input::Inherited,
            output: Output::Inherited,
        })
        .into())
    }
}
