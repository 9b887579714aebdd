use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;

use super::phases;
use super::stored::{self, ALL, Phase};

/// Print the Docker options of one phase, a line each
#[derive(clap::Args)]
pub struct List {
    /// build, deploy or run
    #[arg(long)]
    phase: Option<String>,
    /// Those of this process type (deploy phase); without, those that all have
    #[arg(long, value_name = "TYPE")]
    process: Option<String>,
    /// Name of the app
    app: AppName,
}

impl Command for List {
    const NAME: &'static str = "docker-options:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let word = self.phase.filter(|word| !word.is_empty());
        let word = word.ok_or_else(|| Failure::user("--phase is required"))?;
        let known = Phase::ALL.into_iter().find(|phase| phase.word() == word);
        let phase = known.ok_or_else(|| Failure::user("Phase must be one of [build deploy run]"))?;
        let process = self.process.filter(|name| !name.is_empty());
        if let Some(name) = &process {
            phases::check(name)?;
            phases::knows_processes(phase)?;
        }
        for option in stored::read(ctx, &self.app, &phase.key(process.as_deref().unwrap_or(ALL)))? {
            ctx.out.plain(option);
        }
        Ok(())
    }
}
