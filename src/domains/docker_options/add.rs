use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

use super::phases::{self, Part};
use super::stored;

/// Add Docker options to an app
///
/// They hold from the next build, deploy or run on. Each phase has its own: build, deploy (the app's containers),
/// run (one-off and cron containers). Several options may be given at once; each is kept for itself.
#[derive(clap::Args)]
pub struct Add {
    /// Only for containers of this process type (deploy phase)
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    process: Vec<String>,
    /// Name of the app
    app: AppName,
    /// build, deploy, run; several with commas
    phases: Option<String>,
    /// The options, as for docker run or docker build
    #[arg(value_name = "OPTION", trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<String>,
}

impl Command for Add {
    const NAME: &'static str = "docker-options:add";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let phases = self.phases.as_deref().map_or(Ok(Vec::new()), phases::parse)?;
        let (options, more) = phases::options(&self.options, "add to")?;
        let processes = [self.process, more].concat();
        let part = Part::of(&processes, phases)?;
        phases::warn_of_strangers(ctx, &self.app, &processes)?;
        phases::warn_of_refused(ctx, &part, &options);
        stored::change(ctx, &self.app, &part, |stored| {
            for option in &options {
                if !stored.contains(option) {
                    stored.push(option.clone());
                }
            }
        })
    }
}
