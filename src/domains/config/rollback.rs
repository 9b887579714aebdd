use super::change::{self, How, Restart};
use super::target::Target;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::Scope;
use crate::store::config_history::{self, Revision};

/// Return to the config vars of an earlier revision
///
/// A deployed app is deployed again with them, as config:set does it. The revision of now stays in the history, so that
/// this can be undone the same way. The variable that names the commit stays as it is.
///
/// Example: dokku config:rollback shop 4
#[derive(clap::Args)]
pub struct Rollback {
    #[command(flatten)]
    target: Target,
    /// Do not deploy the app again
    #[arg(long)]
    no_restart: bool,
    /// Number of the revision
    #[arg(value_name = "REVISION")]
    numbers: Vec<String>,
}

impl Command for Rollback {
    const NAME: &'static str = "config:rollback";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (scope, words) = self.target.with_words(self.numbers, ctx)?;
        let number = words.first().map(String::as_str).unwrap_or_default();
        let revision = find(ctx, &scope, number)?;
        let wanted = config_history::variables_of(ctx.layout(), &scope, &revision)?;
        let name = scope.app().map_or("all apps", |app| app.as_str());
        ctx.out.unless_quiet().step(format!("Returning to revision {number} of the config vars of {name}"));
        let how = How {
            rolls_back_to: Some(revision.number),
            ..How::of(Self::NAME, Restart::unless(self.no_restart))
        };
        change::roll_back(ctx, &scope, &wanted, how).await
    }
}

/// The revision of that number.
///
/// # Errors
/// When the word is no number, or the revision is not kept.
pub fn find(ctx: &Ctx, scope: &Scope, number: &str) -> Result<Revision> {
    let hint = format!("config:history {scope} shows which revisions there are");
    if number.is_empty() {
        return Err(Failure::user("Please specify the number of a revision").hint(hint));
    }
    let found = match number.parse() {
        Ok(number) => config_history::load(ctx.layout(), scope, number)?,
        Err(_) => None,
    };
    found.ok_or_else(|| {
        let name = scope.app().map_or("all apps", |app| app.as_str());
        Failure::user(format!("No revision {number} of the config vars of {name} is known")).hint(hint)
    })
}
