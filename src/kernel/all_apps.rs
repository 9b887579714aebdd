//! One command for one app or all (contract: output.md section 5, `--all`).

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use futures_util::stream;

use super::command::BoxFuture;
use super::ctx::Ctx;
use super::failure::{Failure, Result};
use super::output::{Out, Sink, Stream};
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
        // What several say at once is told app by app, each when it is done: nobody could read it otherwise.
        let held = (at_once > 1).then(Arc::<Held>::default);
        let ctx = held.as_ref().map_or_else(|| ctx.clone(), |held| ctx.printing_to(Arc::<Held>::clone(held)));
        let acted = act(ctx.clone(), app.clone()).await;
        if let Err(failure) = &acted {
            ctx.out.warn(format!("Error running {command} against app {app}: {failure}"));
            failure.hints.iter().for_each(|hint| ctx.out.warn(hint));
        }
        (held, acted.err().map(|_| app))
    });
    let mut runs = stream::iter(runs).buffer_unordered(at_once.max(1));
    let mut failed = Vec::new();
    while let Some((held, of)) = runs.next().await {
        if let Some(held) = held {
            held.tell(&ctx.out);
        }
        failed.extend(of);
    }
    if failed.is_empty() {
        return Ok(());
    }
    failed.sort_unstable();
    let names: Vec<&str> = failed.iter().map(AppName::as_str).collect();
    Err(Failure::user(format!("{command} command returned {} errors", failed.len()))
        .hint(format!("The apps: {}", names.join(" "))))
}

/// What is said, in its order, until it is told.
#[derive(Default)]
struct Held(Mutex<Vec<(Stream, Vec<u8>)>>);

impl Held {
    fn tell(&self, out: &Out) {
        for (stream, bytes) in std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            // Nobody need listen for it to be done.
            let _ = out.raw(stream, &bytes);
        }
    }
}

impl Sink for Held {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((stream, bytes.to_vec()));
        Ok(())
    }
}
