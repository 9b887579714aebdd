use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::{AppName, shell_fields};
use crate::triggers::{self, scheduler_of};

use super::record::Recorder;
use super::tasks::{self, Task};

/// Run a task now
///
/// In a container of its own, as the clock runs it; ends with the status of its command. cron:history keeps what it wrote.
#[derive(clap::Args)]
pub struct Run {
    /// Let it go on by itself, and print the name of its container
    #[arg(long)]
    detach: bool,
    /// How long it may run at most
    #[arg(long, value_name = "SECONDS", default_value = "86400", allow_hyphen_values = true)]
    ttl_seconds: String,
    /// Name of the app
    app: AppName,
    /// The task, as cron:list shows it
    #[arg(default_value = "")]
    cron_id: String,
}

impl Command for Run {
    const NAME: &'static str = "cron:run";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        if !self.ttl_seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0) {
            return Err(Failure::user("--ttl-seconds must be a positive integer"));
        }
        let task = self.find(ctx)?;
        let recorder = Recorder::begin(ctx, app, &task, self.detach);
        let outcome = self.start(&ctx.printing_to(recorder.sink()), &task).await;
        recorder.end(ctx, &outcome).await;
        outcome
    }
}

impl Run {
    fn find(&self, ctx: &Ctx) -> Result<Task> {
        let app = &self.app;
        let tasks = tasks::of_app(ctx, app)?;
        let advice = format!("Please specify a Cron ID from the output of 'dokku cron:list {app}'");
        if self.cron_id.is_empty() {
            return Err(Failure::user(advice));
        }
        let found = tasks.into_iter().find(|task| task.id == self.cron_id);
        found.ok_or_else(|| Failure::user(format!("No matching Cron ID found. {advice}")))
    }

    async fn start(&self, ctx: &Ctx, task: &Task) -> Result {
        let mut ctx = ctx
            .with_env("DOKKU_CONCURRENCY_POLICY", &task.concurrency_policy)
            .with_env("DOKKU_CRON_ID", &task.id)
            .with_env("DOKKU_RM_CONTAINER", "1")
            .with_env("DOKKU_RUN_TTL_SECONDS", &self.ttl_seconds);
        if self.detach {
            ctx = ctx.with_env("DOKKU_DETACH_CONTAINER", "1").with_env("DOKKU_DISABLE_TTY", "true");
        }
        let scheduler = scheduler_of(&ctx, &self.app).await?;
        let words = std::iter::once("--".to_owned()).chain(shell_fields::split(&task.command)?).collect();
        ctx.fire(triggers::SchedulerRun { scheduler, app: self.app.clone(), env_count: 0, words }).await
    }
}
