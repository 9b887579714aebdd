//! Deploys of one app take turns, in the order in which they came.

use std::path::PathBuf;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Outcome};
use crate::platform::files;
use crate::platform::lock::{self, Lock};
use crate::platform::queue::{self, Place};
use crate::platform::waits::{self, Wait};
use crate::store::{Layout, apps};

use super::wait_in_line::{Line, wait_in_line};

/// What the holder of an app's last turn is called.
const LAST: &str = "apps:destroy";

/// The right to change an app's release. Held by one deploy at a time, across processes; dies with
/// its holder. A command started inside the deploy that holds it enters without waiting.
#[derive(Debug)]
pub struct Turn {
    /// None for one that was already ours.
    held: Option<Held>,
}

/// The lock says to all the world that the app is deployed; the place keeps those who come later behind.
#[derive(Debug)]
struct Held {
    // Dropped in this order: whoever is next in line finds the lock free.
    _lock: Lock,
    _place: Place,
    _line: OfApp,
}

/// The line of an app, which goes with it.
#[derive(Debug)]
struct OfApp {
    layout: Layout,
    app: AppName,
}

impl Drop for OfApp {
    fn drop(&mut self) {
        if !apps::exists(&self.layout, &self.app) {
            // Who still stands there finds nobody before it, and no app. What stays is no harm.
            let _ = files::remove_folder(&self.layout.turns(&self.app));
        }
    }
}

impl Turn {
    /// Waits for the turn of this app, telling who is before us. `build_id` is written down as the holder.
    ///
    /// # Errors
    /// When `apps:lock` forbids deploys, the lock file cannot be made, or the app was destroyed while we waited.
    pub async fn take(ctx: &Ctx, app: &AppName, build_id: &str) -> Result<Self> {
        require_unlocked(ctx, app)?;
        Self::take_though_locked(ctx, app, build_id).await
    }

    /// Waits for the last turn of this app, in which it is destroyed.
    ///
    /// # Errors
    /// When the lock file cannot be made, or the app was destroyed while we waited.
    pub async fn take_the_last(ctx: &Ctx, app: &AppName) -> Result<Self> {
        Self::take_though_locked(ctx, app, LAST).await
    }

    /// True while somebody destroys the app: what goes is not to be made anew.
    ///
    /// # Errors
    /// When the line cannot be read.
    pub fn is_the_last(ctx: &Ctx, app: &AppName) -> Result<bool> {
        // The line is looked at, for the lock's file goes with the app before its name does.
        Ok(in_line(ctx, app)?.first().is_some_and(|first| first == LAST))
    }

    /// Waits for the turn of this app whatever `apps:lock` says. `name` is written down as the holder.
    async fn take_though_locked(ctx: &Ctx, app: &AppName, name: &str) -> Result<Self> {
        if let Some(turn) = Self::inherited(ctx, app)? {
            return Ok(turn);
        }
        let line = InLine::join(ctx, app, name)?;
        line.wait(ctx).await?;
        line.enter(ctx).await
    }

    /// The turn of the deploy that started this command, if there is one and it holds the turn.
    ///
    /// # Errors
    /// When the lock file cannot be read.
    pub fn inherited(ctx: &Ctx, app: &AppName) -> Result<Option<Self>> {
        let holder = lock::holder(&ctx.layout().deploy_queue(app))?;
        let is_ours = holder.is_some() && holder.as_deref() == ctx.env.get("DOKKU_BUILD_ID");
        Ok(is_ours.then_some(Turn { held: None }))
    }

    /// True when this turn was taken anew rather than inherited from the deploy around us.
    pub fn is_outermost(&self) -> bool {
        self.held.is_some()
    }
}

/// Fails while `apps:lock` forbids deploys of the app.
///
/// # Errors
/// In Dokku's words.
pub fn require_unlocked(ctx: &Ctx, app: &AppName) -> Result {
    if files::exists(&ctx.layout().deploy_lock(app)) {
        return Err(Failure::user(format!("{app} currently has a deploy lock in place. Exiting..."))
            .hint("Run 'apps:unlock' to release the existing deploy lock"));
    }
    Ok(())
}

/// Who has joined the line of an app, and has yet to take the turn.
pub struct InLine {
    place: Place,
    app: AppName,
    name: String,
}

impl InLine {
    /// Joins the line behind all who want to deploy this app.
    ///
    /// # Errors
    /// When the line cannot be written.
    pub fn join(ctx: &Ctx, app: &AppName, name: &str) -> Result<Self> {
        let place = Place::join(&ctx.layout().turns(app), name)?;
        Ok(InLine { place, app: app.clone(), name: name.to_owned() })
    }

    /// True when nobody stands before us.
    ///
    /// # Errors
    /// When the line cannot be read.
    pub fn is_first(&self) -> Result<bool> {
        Ok(self.place.before()?.is_empty())
    }

    /// Waits until nobody stands before us, telling who does.
    ///
    /// # Errors
    /// When the line cannot be read.
    pub async fn wait(&self, ctx: &Ctx) -> Result {
        let app = &self.app;
        let line = Line {
            place: &self.place,
            most: &|| Ok(1),
            first: &|before| {
                let before = before.first().map(String::as_str).unwrap_or_default();
                format!("Waiting for the running deploy of {app} to end ({before})")
            },
            name: &format!("of {app}"),
        };
        waits::during(Wait::Turn, wait_in_line(ctx, &line)).await
    }

    /// Takes the turn, for which nobody else is in line any more.
    ///
    /// # Errors
    /// When the lock file cannot be made, or the app was destroyed while we waited.
    pub async fn enter(self, ctx: &Ctx) -> Result<Turn> {
        let Self { place, app, name } = self;
        let line = OfApp { layout: ctx.layout().clone(), app: app.clone() };
        require_app(ctx, &app)?;
        let path = ctx.layout().deploy_queue(&app);
        let mut lock = match Lock::try_take(&path)? {
            Some(lock) => lock,
            // Somebody looks after the app for a moment, who stands in no line.
            None => waits::during(Wait::Turn, take(path)).await?,
        };
        require_app(ctx, &app).inspect_err(|_| {
            // Where the lock stands went with the app, and came back for us. What stays is no harm.
            let _ = files::remove_folder(&ctx.layout().app_data("apps", &app));
        })?;
        lock.say(&name)?;
        Ok(Turn { held: Some(Held { _lock: lock, _place: place, _line: line }) })
    }
}

fn require_app(ctx: &Ctx, app: &AppName) -> Result {
    if apps::exists(ctx.layout(), app) {
        Ok(())
    } else {
        Err(Failure::no_such_app(app).hint("It was destroyed meanwhile"))
    }
}

/// Waits for the lock on a thread of its own, so that whatever else this process does goes on.
async fn take(path: PathBuf) -> Result<Lock> {
    let taken = tokio::task::spawn_blocking(move || Lock::take(&path)).await;
    let lock: Outcome<Lock> =
        taken.map_err(|error| Failure::internal(format!("cannot wait for a lock: {error}")))?;
    Ok(lock?)
}

/// The names of all who have or want the turn of an app, the first first.
///
/// # Errors
/// When the line cannot be read.
pub fn in_line(ctx: &Ctx, app: &AppName) -> Result<Vec<String>> {
    Ok(queue::all(&ctx.layout().turns(app))?)
}
