use super::format;
use super::target::{self, Target};
use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::Scope;

/// Show the config vars
#[derive(clap::Args)]
pub struct Show {
    #[command(flatten)]
    target: Target,
    /// Include the variables of all apps
    #[arg(long)]
    merged: bool,
}

impl Command for Show {
    const NAME: &'static str = "config:show";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let scope = self.target.scope(ctx)?;
        show(ctx, &scope, self.merged)
    }
}

fn show(ctx: &Ctx, scope: &Scope, is_merged: bool) -> Result {
    let variables = target::read(ctx, scope, is_merged)?;
    let name = scope.app().map_or("global", |app| app.as_str());
    ctx.out.unless_quiet().heading(format!("{name} env vars"));
    ctx.out.plain(format::pretty(&variables).join("\n"));
    Ok(())
}

/// Show the config vars, as config:show does
#[derive(clap::Args)]
pub struct Bare {
    #[command(flatten)]
    target: Target,
    /// Include the variables of all apps
    #[arg(long)]
    merged: bool,
    /// Deprecated: use config:export --format shell
    #[arg(long)]
    shell: bool,
    /// Deprecated: use config:export --format exports
    #[arg(long)]
    export: bool,
}

impl Command for Bare {
    const NAME: &'static str = "config";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let scope = self.target.scope(ctx)?;
        let format = match (self.shell, self.export) {
            (true, true) => return Err(Failure::user("Only one of --shell and --export can be given")),
            (false, false) => return show(ctx, &scope, self.merged),
            (true, false) => "shell",
            (false, true) => "exports",
        };
        ctx.out.warn(format!("Deprecated: Use 'config:export --format {format}' instead"));
        let text = format::print(&target::read(ctx, &scope, self.merged)?, format)?;
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, text.as_bytes());
        Ok(())
    }
}
