use crate::kernel::{Command, Ctx, Failure, Gate, Result, set};

use super::DOMAIN;
use super::properties::PROPERTIES;
use super::switch::set_task;
use super::tasks::TASK_MAINTENANCE;

/// Set or clear a cron property
///
/// The properties are catch-up, mailfrom, mailto, maintenance and timezone, and for an app maintenance.ID of each task.
/// The crontab is written anew. Mailfrom and mailto are kept for a return to Dokku: nothing is mailed.
#[derive(clap::Args)]
pub struct Set {
    /// The app, or --global; the property; its value, none clears the property
    #[arg(allow_hyphen_values = true, trailing_var_arg = true, value_name = "APP|--global KEY [VALUE]")]
    words: Vec<String>,
}

impl Command for Set {
    const NAME: &'static str = "cron:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let (global, others): (Vec<_>, Vec<_>) = self.words.into_iter().partition(|word| word == "--global");
        let is_global = !global.is_empty();
        let others: Vec<String> = others
            .into_iter()
            .filter(|word| !matches!(word.as_str(), "--quiet" | "--trace" | "--force"))
            .collect();
        let key_at = usize::from(!is_global);
        let key = others.get(key_at).map(String::as_str).unwrap_or_default();
        if let Some(id) = key.strip_prefix(TASK_MAINTENANCE) {
            let value = others.get(key_at + 1).map(String::as_str).unwrap_or_default();
            return match others.first().filter(|_| !is_global) {
                None => Err(Failure::user("Task maintenance properties cannot be set globally")),
                Some(app) => set_task(ctx, &app.parse()?, id, value).await,
            };
        }
        if !is_global && matches!(key, "mailfrom" | "mailto") {
            return Err(Failure::user("Property cannot be specified on a per-app basis"));
        }
        let scope = is_global.then(|| "--global".to_owned());
        let words: Vec<String> = scope.into_iter().chain(others).collect();
        set(&DOMAIN, &PROPERTIES, &words, ctx).await
    }
}
