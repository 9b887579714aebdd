use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, docker_args};

use super::phases::{self, Part};
use super::stored;

/// Remove Docker options from an app
///
/// An option is found by its words, however it is quoted.
#[derive(clap::Args)]
pub struct Remove {
    /// Only those of this process type (deploy phase)
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    process: Vec<String>,
    /// Name of the app
    app: AppName,
    /// build, deploy, run; several with commas
    phases: Option<String>,
    /// The options
    #[arg(value_name = "OPTION", trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<String>,
}

impl Command for Remove {
    const NAME: &'static str = "docker-options:remove";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let phases = self.phases.as_deref().map_or(Ok(Vec::new()), phases::parse)?;
        let (options, more) = phases::options(&self.options, "remove from")?;
        let part = Part::of(&[self.process, more].concat(), phases)?;
        // Dokku before 0.38.25 stored what was typed as it was: in one piece, whatever in it looks like an option.
        let typed = self.options.join(" ");
        stored::change(ctx, &self.app, &part, |stored| {
            stored.retain(|one| *one != typed.trim() && !options.iter().any(|option| is_same(one, option)));
        })
    }
}

fn is_same(stored: &str, option: &str) -> bool {
    let words = |text: &str| docker_args::split_words(text).ok();
    stored == option || words(stored).is_some_and(|stored| words(option) == Some(stored))
}
