//! Listening to the engine, for as long as we serve.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tracing::{info, warn};

use super::ends::{self, Ends, Told};
use super::heard::{Heard, filter};
use super::rebuilds::Rebuilds;
use super::routes::{Concern, Routes};
use crate::platform::Platform;
use crate::platform::clock::Clock;
use crate::platform::docker::{Docker, DockerResult};
use crate::server::liveness::Look;
use crate::server::upkeep::Commands;
use crate::store::Layout;

/// How long until the engine is listened to again after it went away.
const AGAIN: Duration = Duration::from_secs(1);

/// How long after a signal an end may be its doing: a container may be given minutes to stop.
const SIGNAL_COUNTS_FOR: Duration = Duration::from_secs(600);

/// How long nginx waits for the engine to answer, and then for routes to be mended. Beyond that, routes are better than none.
const BEFORE_NGINX: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(2));

/// Before nginx starts: after a reboot other containers may have the addresses that routes lead to. What is true already
/// costs one question to the engine.
pub async fn before_nginx(platform: &Platform, layout: &Layout, commands: &Arc<impl Commands>) {
    let answers = async {
        while platform.docker.ping().await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    if timeout(BEFORE_NGINX.0, answers).await.is_err() {
        return warn!("the engine does not answer: routes are as they were");
    }
    let mut routes = Routes::new(Arc::clone(&platform.docker), layout.clone(), Arc::clone(commands));
    routes.note(Concern::All);
    match timeout(BEFORE_NGINX.1, routes.look()).await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => warn!("routes are as they were: {fault}"),
        Err(_late) => warn!("not all routes are mended yet"),
    }
}

/// Hears, and passes on.
pub struct Listener {
    docker: Arc<dyn Docker>,
    clock: Arc<dyn Clock>,
    concerns: mpsc::UnboundedSender<Concern>,
    ends: mpsc::UnboundedSender<Told>,
    looks: mpsc::UnboundedSender<Look>,
    signals: BTreeMap<String, (String, Instant)>,
    /// Seconds of the epoch: what happens while nobody listens is told afterwards, as far as the engine remembers it.
    since: i64,
}

/// What is told of, and may wait until apps have come back after a start.
pub struct Heeded {
    /// Apps that are to be rebuilt.
    pub rebuilds: Rebuilds,
    /// Apps whose containers may be others by now, for their liveness checks.
    pub looks: mpsc::UnboundedReceiver<Look>,
}

/// Begins to listen.
pub fn begin(platform: &Platform, layout: &Layout, commands: &Arc<impl Commands>) -> Heeded {
    let (concerns, concerned) = mpsc::unbounded_channel();
    let (ends, ended) = mpsc::unbounded_channel();
    let (given_up, rebuilt) = mpsc::unbounded_channel();
    let (looks, looked) = mpsc::unbounded_channel();
    let docker = || Arc::clone(&platform.docker);
    let routes = Routes::new(docker(), layout.clone(), Arc::clone(commands));
    tokio::spawn(routes.work(concerned));
    tokio::spawn(Ends::new(docker(), layout.clone(), Arc::clone(commands), given_up).work(ended));
    let since = ends::heard_until(layout).unwrap_or_else(|| platform.clock.now().as_second());
    let clock = Arc::clone(&platform.clock);
    let listener =
        Listener { docker: docker(), clock, concerns, ends, looks, signals: BTreeMap::new(), since };
    tokio::spawn(listener.work());
    let rebuilds = Rebuilds::new(docker(), layout.clone(), Arc::clone(&platform.clock), rebuilt);
    Heeded { rebuilds, looks: looked }
}

impl Listener {
    async fn work(mut self) {
        let mut told = String::new();
        loop {
            // Each cause once: an engine may be away for hours.
            if let Err(error) = self.listen(&mut told).await
                && told != error.to_string()
            {
                warn!("the engine's events are not heard: {error}");
                told = error.to_string();
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn listen(&mut self, told: &mut String) -> DockerResult {
        let mut events = self.docker.events(&filter(), Some(self.since)).await?;
        if !told.is_empty() {
            info!("the engine's events are heard again");
            told.clear();
        }
        // Only now: what changes from here on is heard.
        self.concern(Concern::All);
        self.look(Look::All);
        while let Some(event) = events.next().await {
            let event = event?;
            self.since = self.since.max(event.time / 1_000_000_000);
            if let Some(heard) = Heard::of(&event, self.clock.now()) {
                self.pass_on(heard);
            }
        }
        Ok(())
    }

    fn pass_on(&mut self, heard: Heard) {
        match heard {
            Heard::Started(id, app) => {
                if let Some(app) = app {
                    self.look(Look::At(app.clone()));
                    self.concern(Concern::App(app));
                }
                self.concern(Concern::Container(id));
            }
            Heard::Ended(ended) => {
                self.concern(Concern::Ended(ended.app.clone()));
                let signal =
                    self.signals.remove(&ended.id).filter(|(_, at)| at.elapsed() < SIGNAL_COUNTS_FOR);
                self.tell(Told::Ended(ended, signal.map(|(name, _)| name)));
            }
            Heard::OutOfMemory(ended) => self.tell(Told::OutOfMemory(ended)),
            Heard::Signal(id, name) => {
                self.signals.retain(|_, (_, at)| at.elapsed() < SIGNAL_COUNTS_FOR);
                self.signals.entry(id).or_insert((name, Instant::now()));
            }
            Heard::Gone(id, app) => {
                self.signals.remove(&id);
                self.look(Look::At(app.clone()));
                self.concern(Concern::App(app));
            }
            Heard::Network(container) => self.concern(Concern::Container(container)),
        }
    }

    // Nobody hears it any more when the server is about to end.
    fn concern(&self, concern: Concern) {
        let _ = self.concerns.send(concern);
    }

    fn look(&self, look: Look) {
        let _ = self.looks.send(look);
    }

    fn tell(&self, told: Told) {
        let _ = self.ends.send(told);
    }
}
