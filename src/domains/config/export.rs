use super::format;
use super::target::{self, Target};
use crate::kernel::{Command, Ctx, Gate, Result, Stream};

/// Export the config vars in a form for other programs
///
/// `exports` is for a shell's eval, `envfile` for files, `json` and `json-list` for programs.
#[derive(clap::Args)]
pub struct Export {
    #[command(flatten)]
    target: Target,
    /// Include the variables of all apps
    #[arg(long)]
    merged: bool,
    /// docker-args, docker-args-keys, envfile, exports, json, json-list, pack-keys, pretty or shell
    #[arg(long, default_value = "exports")]
    format: String,
}

impl Command for Export {
    const NAME: &'static str = "config:export";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let scope = self.target.scope(ctx)?;
        let variables = target::read(ctx, &scope, self.merged)?;
        let text = format::print(&variables, &self.format)?;
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, text.as_bytes());
        Ok(())
    }
}
