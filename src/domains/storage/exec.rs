use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::store::storage_entries;
use crate::triggers;

/// The image without `--image`.
const IMAGE: &str = "alpine:3";

/// Run a command, or a shell, in a container of its own that has the entry in /data
///
/// The container goes when the command ends; its exit status is this command's. It runs as the user that the entry
/// belongs to.
#[derive(clap::Args)]
pub struct Exec {
    /// The image to run it in
    #[arg(long, default_value = IMAGE)]
    image: String,
    /// The number of the user to run it as
    #[arg(long, value_name = "UID")]
    as_user: Option<String>,
    /// Name of the entry
    #[arg(default_value = "")]
    name: String,
    /// The command; a shell without one
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

impl Command for Exec {
    const NAME: &'static str = "storage:exec";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.name.is_empty() {
            return Err(Failure::user("storage:exec requires a storage entry name"));
        }
        let entry = storage_entries::require(ctx.layout(), &self.name)?;
        let is_terminal = ctx.platform.stdin.is_terminal();
        let mut words = vec!["--interactive=true".to_owned(), format!("--tty={is_terminal}")];
        if let Some(user) = self.as_user.filter(|user| !user.is_empty()) {
            words.extend(["--as-user".to_owned(), user]);
        }
        if !self.command.is_empty() {
            words.push("--".to_owned());
            words.extend(self.command);
        }
        let image = if self.image.is_empty() { IMAGE.to_owned() } else { self.image };
        let scheduler = entry.scheduler;
        ctx.fire(triggers::SchedulerStorageExec { scheduler, entry: entry.name, image, words }).await
    }
}
