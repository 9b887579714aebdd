//! One command for one app or all (contract: output.md section 5, `--all`).

use futures_util::StreamExt;
use futures_util::stream;

use super::command::BoxFuture;
use super::ctx::Ctx;
use super::failure::{Failure, Result};
use crate::model::AppName;
use crate::platform::process;

/// Which apps a command is for.
#[derive(clap::Args)]
pub struct Apps {
    /// Name of the app
    #[arg(required_unless_present = "all")]
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
    /// How many apps at once; -1 is one per processor
    #[arg(long, value_name = "NUM", default_value_t = 0, allow_negative_numbers = true)]
    parallel: i64,
}

impl Apps {
    /// Does it for the app, or for each of all.
    ///
    /// # Errors
    /// When the app is not there, or at the end when one failed.
    pub async fn each(
        self,
        ctx: &Ctx,
        command: &str,
        act: impl Fn(Ctx, AppName) -> BoxFuture<Result>,
    ) -> Result {
        if self.all {
            return each(ctx, command, self.parallel, act).await;
        }
        let app = self.one(ctx)?;
        act(ctx.clone(), app).await
    }

    /// The same, where one app after the other is what all expect: nothing is said of it unless more were asked for.
    ///
    /// # Errors
    /// As those of `each`.
    pub async fn each_in_turn(
        self,
        ctx: &Ctx,
        command: &str,
        act: impl Fn(Ctx, AppName) -> BoxFuture<Result>,
    ) -> Result {
        match self.all && self.parallel == 0 {
            true => one_by_one(ctx, command, act).await,
            false => self.each(ctx, command, act).await,
        }
    }

    /// True with `--all`.
    pub fn is_all(&self) -> bool {
        self.all
    }

    /// True when one app is named.
    pub fn is_one(&self) -> bool {
        self.app.is_some()
    }

    /// The app.
    ///
    /// # Errors
    /// When it is not there.
    pub fn one(self, ctx: &Ctx) -> Result<AppName> {
        let app = self.app.ok_or_else(|| Failure::user("Please specify an app to run the command on"))?;
        ctx.require_app(&app)?;
        Ok(app)
    }
}

/// Does it for each app the caller may see, `parallel` at once (-1: one per processor; 0 and 1: one after the
/// other). One that fails does not keep the others from it.
///
/// # Errors
/// A number below -1; at the end, when one failed.
pub async fn each(
    ctx: &Ctx,
    command: &str,
    parallel: i64,
    act: impl Fn(Ctx, AppName) -> BoxFuture<Result>,
) -> Result {
    let at_once = match parallel {
        -1 => {
            let processors = process::processors();
            ctx.out.warn(format!("Setting --parallel=-1 value to CPU count of {processors}"));
            processors
        }
        parallel => usize::try_from(parallel).map_err(|_| {
            Failure::user(format!("Invalid value {parallel} for --parallel flag"))
                .hint("a number of apps, or -1 for one per processor")
        })?,
    };
    if at_once <= 1 {
        ctx.out.warn(format!("Running {command} in serial mode"));
    }
    at_once_each(ctx, command, at_once, act).await
}

/// The same one after the other, where nobody could ask for more at once, and so nothing is said of it.
///
/// # Errors
/// At the end, when one failed.
pub async fn one_by_one(ctx: &Ctx, command: &str, act: impl Fn(Ctx, AppName) -> BoxFuture<Result>) -> Result {
    at_once_each(ctx, command, 1, act).await
}

async fn at_once_each(
    ctx: &Ctx,
    command: &str,
    at_once: usize,
    act: impl Fn(Ctx, AppName) -> BoxFuture<Result>,
) -> Result {
    let apps = ctx.apps()?;
    if apps.is_empty() {
        ctx.out.warn("You haven't deployed any applications yet");
        return Ok(());
    }
    let act = &act;
    let runs = apps.into_iter().map(|app| async move {
        ctx.out.step(format!("Running {command} against app {app}"));
        match act(ctx.clone(), app.clone()).await {
            Ok(()) => true,
            Err(failure) => {
                ctx.out.warn(format!("Error running {command} against app {app}: {failure}"));
                failure.hints.iter().for_each(|hint| ctx.out.warn(hint));
                false
            }
        }
    });
    let ended: Vec<bool> = stream::iter(runs).buffer_unordered(at_once.max(1)).collect().await;
    let errors = ended.iter().filter(|succeeded| !**succeeded).count();
    if errors == 0 {
        Ok(())
    } else {
        Err(Failure::user(format!("{command} command returned {errors} errors")))
    }
}
