use crate::kernel::{Command, Ctx, Failure, Gate, Result, json};

/// List your apps
#[derive(clap::Args)]
pub struct List {
    /// How to print them: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
}

impl Command for List {
    const NAME: &'static str = "apps:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        match self.format.as_str() {
            "json" => {
                let apps = ctx.apps()?;
                let names: Vec<&str> = apps.iter().map(AsRef::as_ref).collect();
                ctx.out.plain(json::compact(&names));
                Ok(())
            }
            "stdout" => list(ctx),
            other => Err(Failure::user(format!("Format must be \"stdout\" or \"json\": \"{other}\""))),
        }
    }
}

fn list(ctx: &Ctx) -> Result {
    let apps = ctx.apps()?;
    ctx.out.unless_quiet().heading("My Apps");
    if apps.is_empty() {
        ctx.out.warn("You haven't deployed any applications yet");
        return Ok(());
    }
    let names: Vec<&str> = apps.iter().map(AsRef::as_ref).collect();
    ctx.out.plain(names.join("\n"));
    Ok(())
}

/// List your apps, as apps:list does
#[derive(clap::Args)]
pub struct Bare {}

impl Command for Bare {
    const NAME: &'static str = "apps";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        list(ctx)
    }
}
