//! What every task of the checks knows.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::model::{AppName, Dyno, Outcome};
use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::docker::Docker;
use crate::platform::env::Env;
use crate::store::{Layout, properties};

/// How many containers are asked at once: each may take its check's whole time to answer.
const AT_ONCE: usize = 16;

/// The switch of `checks:set`.
const SWITCH: &str = "liveness";

/// What every task knows.
pub struct World {
    pub(super) docker: Arc<dyn Docker>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) layout: Layout,
    /// Of programs that an app wants run about a failure.
    pub(super) env: Env,
    pub(super) at_once: Semaphore,
}

impl World {
    /// Of this server.
    pub fn new(platform: &Platform, layout: &Layout, env: Env) -> Arc<Self> {
        let (docker, clock) = (Arc::clone(&platform.docker), Arc::clone(&platform.clock));
        Arc::new(World { docker, clock, layout: layout.clone(), env, at_once: Semaphore::new(AT_ONCE) })
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
