//! Which containers have liveness checks. Looked at when the server starts, when the engine is heard again, and when
//! something happened to an app, once no deploy of it runs: a deploy makes new containers, and decides at its end which serve.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use super::attend::attend;
use super::{Place, World};
use crate::deploy::checks::{self, Defaults};
use crate::model::{AppJson, AppName, Outcome};
use crate::platform::lock;
use crate::store::{Extracted, apps, processes};

/// How often it is looked whether a deploy is over.
const DEPLOY: Duration = Duration::from_secs(1);

/// The word without which an app.json has no such checks: most have none, and are not read any closer.
const WORD: &str = "liveness";

/// What is to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// All apps.
    All,
    /// One to which something happened.
    At(AppName),
}

/// Knows which containers are attended to.
pub struct Watch {
    world: Arc<World>,
    looks: mpsc::UnboundedReceiver<Look>,
    /// Apps to look at, once no deploy of theirs runs.
    waiting: BTreeSet<AppName>,
    /// The tasks, by the containers' ids. Each ends by itself when its container is not the app's any more.
    attended: BTreeMap<String, JoinHandle<()>>,
}

impl Watch {
    /// Attends to none yet.
    pub fn new(world: Arc<World>, looks: mpsc::UnboundedReceiver<Look>) -> Self {
        Watch { world, looks, waiting: BTreeSet::new(), attended: BTreeMap::new() }
    }

    /// Attends to what it is told of, for as long as somebody may tell.
    pub async fn work(mut self) {
        let mut due = Instant::now();
        loop {
            tokio::select! {
                look = self.looks.recv() => match look {
                    Some(Look::All) => self.waiting.extend(apps::all(&self.world.layout).unwrap_or_default()),
                    Some(Look::At(app)) => drop(self.waiting.insert(app)),
                    None => return,
                },
                () = sleep_until(due), if !self.waiting.is_empty() => {
                    self.look();
                    due = Instant::now() + DEPLOY;
                }
            }
        }
    }

    fn look(&mut self) {
        self.attended.retain(|_, task| !task.is_finished());
        for app in std::mem::take(&mut self.waiting) {
            if lock::holder(&self.world.layout.deploy_queue(&app)).is_ok_and(|holder| holder.is_some()) {
                self.waiting.insert(app);
            } else if let Err(fault) = self.look_at(&app) {
                warn!(app = app.as_str(), "its liveness checks do not run: {fault}");
            }
        }
    }

    fn look_at(&mut self, app: &AppName) -> Outcome {
        let layout = &self.world.layout;
        let text = Extracted::AppJson.read(layout, app, "")?.filter(|text| text.contains(WORD));
        let Some(text) = text.filter(|_| apps::exists(layout, app)) else { return Ok(()) };
        let (app_json, defaults) = (AppJson::parse(&text)?, Defaults::of(layout, app)?);
        for one in processes::running(layout, app)? {
            let checks = checks::lasting(&app_json, &one.dyno.process_type, &defaults);
            if checks.is_empty() || self.attended.contains_key(&one.id) {
                continue;
            }
            let place = Place { app: app.clone(), dyno: one.dyno, id: one.id.clone() };
            self.attended.insert(one.id, tokio::spawn(attend(Arc::clone(&self.world), place, checks)));
        }
        Ok(())
    }
}
