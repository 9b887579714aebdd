use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::DOMAIN;
use super::phases::{self, Part};
use super::stored::Phase;

/// Remove all Docker options of an app
#[derive(clap::Args)]
pub struct Clear {
    /// Only those of this process type (deploy phase)
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    process: Vec<String>,
    /// Name of the app
    app: AppName,
    /// build, deploy, run; several with commas; all of them without
    phases: Option<String>,
}

impl Command for Clear {
    const NAME: &'static str = "docker-options:clear";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let given = self.phases.as_deref().filter(|text| !text.is_empty());
        let phases = match given {
            Some(text) => phases::parse(text)?,
            None if self.process.is_empty() => Phase::ALL.to_vec(),
            None => vec![Phase::Deploy],
        };
        let part = Part::of(&self.process, phases)?;
        let app = &self.app;
        if given.is_none() && self.process.is_empty() {
            ctx.out.step(format!("Clearing docker-options for {app} on all phases"));
        }
        let scope = Scope::from(app);
        let _lock = properties::locked(ctx.layout(), DOMAIN.plugin, &scope)?;
        for process in &part.processes {
            for phase in &part.phases {
                let what = format!("Clearing docker-options for {app} on phase {}", phase.word());
                if !self.process.is_empty() {
                    ctx.out.step(format!("{what} for process {process}"));
                } else if given.is_some() {
                    ctx.out.step(what);
                }
                properties::unset(ctx.layout(), DOMAIN.plugin, &scope, &phase.key(process))?;
            }
        }
        Ok(())
    }
}
