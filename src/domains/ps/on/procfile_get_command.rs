use crate::kernel::{Ctx, Reaction, Result};
use crate::model::{Procfile, procfile};
use crate::store::{Extracted, variables};
use crate::triggers;

/// The command of a process type, variables filled in from the app's environment.
pub struct Command;

impl Reaction for Command {
    type Trigger = triggers::ProcfileGetCommand;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let app = &trigger.app;
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        let Some(text) = Extracted::Procfile.read(ctx.layout(), app, pid)? else { return Ok(String::new()) };
        let procfile = Procfile::parse(&text)?;
        let Some(command) = procfile.command(&trigger.process_type) else { return Ok(String::new()) };
        let variables = variables::merged(ctx.layout(), &app.into())?;
        let port = if trigger.port.is_empty() { "5000" } else { &trigger.port };
        let expanded = procfile::expand(command, |name| match (variables.get(name), name) {
            (Some(value), _) => Some(value.clone()),
            (None, "PORT") => Some(port.to_owned()),
            (None, "PS") => Some(trigger.process_type.to_string()),
            (None, _) => None,
        });
        Ok(format!("{expanded}\n"))
    }
}
