//! The listener for the engine's events, on the engine in memory: what it runs, and what it writes down.

mod ends;
mod liveness_checks;
mod routes;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dokku::model::{AppName, Fault, Outcome};
use dokku::platform::Platform;
use dokku::platform::steps::Unwatched;
use dokku::server::events;
use dokku::server::liveness::{self, Watch};
use dokku::server::upkeep::Commands;

use crate::support::World;

/// Remembers which commands were to be run, and lets one fail.
#[derive(Default)]
struct Recorded {
    lines: Mutex<Vec<String>>,
    fails: Option<&'static str>,
}

impl Commands for Recorded {
    async fn run(&self, words: Vec<String>) -> Outcome {
        let line = words.join(" ");
        let fails = self.fails.is_some_and(|start| line.starts_with(start));
        self.lines.lock().expect("no test panics here").push(line);
        if fails { Err(Fault::new("it ended with status 1")) } else { Ok(()) }
    }
}

impl Recorded {
    fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no test panics here").clone()
    }
}

fn platform(world: &World) -> Platform {
    world.ctx(Arc::new(Unwatched)).platform
}

/// The listener at work on this world, rebuilds too.
async fn listening(world: &World, commands: &Arc<Recorded>) {
    let heeded = events::begin(&platform(world), &world.layout, commands);
    tokio::spawn(heeded.rebuilds.work(Arc::clone(commands)));
    let liveness = liveness::World::new(&platform(world), &world.layout, commands);
    tokio::spawn(Watch::new(liveness, heeded.looks).work());
    // It listens once it has asked for events.
    until("it listens", || world.docker.events_heard_by() > 0).await;
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(Instant::now() < deadline, "not within 10 s: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn name(app: &str) -> AppName {
    app.parse().expect("a name")
}
