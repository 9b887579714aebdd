//! Deploys of one app take turns.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Outcome};
use crate::platform::files;
use crate::platform::lock::{self, Lock};
use crate::platform::waits::{self, Wait};
use crate::store::apps;

/// What the holder of an app's last turn is called.
const LAST: &str = "apps:destroy";

/// The right to change an app's release. Held by one deploy at a time, across processes; dies with
/// its holder. A command started inside the deploy that holds it enters without waiting.
#[derive(Debug)]
pub struct Turn {
    /// None for one that was already ours.
    lock: Option<Lock>,
}

impl Turn {
    /// Waits for the turn of this app, telling who is before us. `build_id` is written down as the holder.
    ///
    /// # Errors
    /// When `apps:lock` forbids deploys, the lock file cannot be made, or the app was destroyed while we waited.
    pub async fn take(ctx: &Ctx, app: &AppName, build_id: &str) -> Result<Self> {
        if files::exists(&ctx.layout().deploy_lock(app)) {
            return Err(Failure::user(format!("{app} currently has a deploy lock in place. Exiting..."))
                .hint("Run 'apps:unlock' to release the existing deploy lock"));
        }
        Self::take_though_locked(ctx, app, build_id).await
    }

    /// Waits for the turn of this app whatever `apps:lock` says. `name` is written down as the holder.
    async fn take_though_locked(ctx: &Ctx, app: &AppName, name: &str) -> Result<Self> {
        let path = ctx.layout().deploy_queue(app);
        let holder = lock::holder(&path)?;
        if holder.is_some() && holder.as_deref() == ctx.env.get("DOKKU_BUILD_ID") {
            return Ok(Turn { lock: None });
        }
        let mut lock = match Lock::try_take(&path)? {
            Some(lock) => lock,
            None => {
                let before = holder.unwrap_or_default();
                ctx.out.step(format!("Waiting for the running deploy of {app} to end ({before})"));
                let lock = wait(path).await?;
                if !apps::exists(ctx.layout(), app) {
                    // Where the lock stands went with the app, and came back for us.
                    files::remove_folder(&ctx.layout().app_data("apps", app))?;
                    return Err(Failure::no_such_app(app).hint("It was destroyed meanwhile"));
                }
                lock
            }
        };
        lock.say(name)?;
        Ok(Turn { lock: Some(lock) })
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
    /// When the lock file cannot be read.
    pub fn is_the_last(ctx: &Ctx, app: &AppName) -> Result<bool> {
        Ok(lock::holder(&ctx.layout().deploy_queue(app))?.is_some_and(|holder| holder == LAST))
    }

    /// True when this turn was taken anew rather than inherited from the deploy around us.
    pub fn is_outermost(&self) -> bool {
        self.lock.is_some()
    }
}

/// Waits for the lock on a thread of its own, so that whatever else this process does goes on.
async fn wait(path: std::path::PathBuf) -> Result<Lock> {
    let taken = tokio::task::spawn_blocking(move || Lock::take(&path));
    let lock: Outcome<Lock> = waits::during(Wait::Turn, taken)
        .await
        .map_err(|error| Failure::internal(format!("cannot wait for a lock: {error}")))?;
    Ok(lock?)
}
