//! What run and run:detached have in common.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// How long one may run that does not say, in seconds.
const DAY: &str = "86400";

/// The options. They stand before the app; what stands behind it is the command.
#[derive(clap::Args)]
pub struct Options {
    /// A variable for this container alone; can be given several times
    #[arg(long, short, value_name = "KEY=VALUE")]
    env: Vec<String>,
    /// Without a terminal
    #[arg(long)]
    no_tty: bool,
    /// With a terminal, though nobody sits at one
    #[arg(long)]
    force_tty: bool,
    /// The cron task this is a run of
    #[arg(long, value_name = "ID")]
    cron_id: Option<String>,
    /// What a cron task wants done about its last run: allow, forbid, replace
    #[arg(long, value_name = "POLICY", default_value = "allow", value_parser = ["allow", "forbid", "replace"])]
    concurrency_policy: String,
    /// How long it may run at most
    #[arg(long, value_name = "SECONDS", default_value = DAY)]
    ttl_seconds: String,
    /// Name of the app
    app: AppName,
    /// The command, or a process type of the Procfile; a shell without one
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

impl Options {
    /// Runs it. `extra` are further variables that the scheduler is told.
    ///
    /// # Errors
    /// When the options make no sense, and with the status of the command.
    pub async fn run(self, ctx: &Ctx, extra: &[(&str, &str)]) -> Result {
        let seconds = if self.ttl_seconds.is_empty() { DAY } else { &self.ttl_seconds };
        if !seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0) {
            return Err(Failure::user("--ttl-seconds must be a positive integer"));
        }
        let mut ctx = ctx
            .with_env("DOKKU_RM_CONTAINER", "1")
            .with_env("DOKKU_RUN_TTL_SECONDS", seconds)
            .with_env("DOKKU_CONCURRENCY_POLICY", self.concurrency_policy);
        for (key, value) in extra {
            ctx = ctx.with_env(key, *value);
        }
        if let Some(id) = self.cron_id {
            ctx = ctx.with_env("DOKKU_CRON_ID", id);
        }
        if self.force_tty {
            ctx = ctx.with_env("DOKKU_FORCE_TTY", "true");
        }
        if self.no_tty {
            ctx = ctx.with_env("DOKKU_DISABLE_TTY", "true");
        }
        let is_true = |key: &str| ctx.env.get(key) == Some("true");
        if self.no_tty && is_true("DOKKU_FORCE_TTY") {
            return Err(Failure::user("Cannot specify both --force-tty and --no-tty"));
        }
        ctx.require_app(&self.app)?;
        let scheduler = scheduler_of(&ctx, &self.app).await?;
        let env_count = u32::try_from(self.env.len()).unwrap_or(0);
        let words = [self.env, vec!["--".to_owned()], self.command].concat();
        ctx.fire(triggers::SchedulerRun { scheduler, app: self.app, env_count, words }).await
    }
}
