//! What every task of the checks knows.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::model::{AppName, Dyno, Outcome};
use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::docker::Docker;
use crate::server::upkeep::Commands;
use crate::store::{Layout, properties};

/// How many containers are asked at once: each may take its check's whole time to answer.
const AT_ONCE: usize = 16;

/// The switch of `checks:set`.
const SWITCH: &str = "liveness";

/// Runs words as a command.
type Run = Box<dyn Fn(Vec<String>) -> BoxFuture<'static, Outcome> + Send + Sync>;

/// What every task knows.
pub struct World {
    pub(super) docker: Arc<dyn Docker>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) layout: Layout,
    commands: Run,
    pub(super) at_once: Semaphore,
}

impl World {
    /// Of this server.
    pub fn new(platform: &Platform, layout: &Layout, commands: &Arc<impl Commands>) -> Arc<Self> {
        let (docker, clock) = (Arc::clone(&platform.docker), Arc::clone(&platform.clock));
        let commands = Arc::clone(commands);
        let commands: Run = Box::new(move |words| {
            let commands = Arc::clone(&commands);
            async move { commands.run(words).await }.boxed()
        });
        Arc::new(World { docker, clock, layout: layout.clone(), commands, at_once: Semaphore::new(AT_ONCE) })
    }

    /// Runs the words as a command, to its end: as the user of apps, which the server is not.
    pub(super) async fn run(&self, words: Vec<String>) -> Outcome {
        (self.commands)(words).await
    }

    /// False where `checks:set` switches these checks off.
    pub(super) fn is_switched_on(&self, app: &AppName) -> Outcome<bool> {
        Ok(properties::computed(&self.layout, "checks", &app.into(), SWITCH, "true")? != "false")
    }
}

/// A container of the running release.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub app: AppName,
    pub dyno: Dyno,
    pub id: String,
}
