//! Whether all is well, and if not, why (contract: layout.md, section 9).

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::model::Fault;
use crate::platform::docker::Docker;
use crate::platform::http_server::{Answer, Asked};
use crate::platform::{files, net};
use crate::server::places::Places;
use crate::store::{Layout, own_place};

/// How long a finding is good for: askers in a hurry do not make work. What was not well may be well any moment, and at
/// a start somebody waits for it.
const FRESH: (Duration, Duration) = (Duration::from_millis(200), Duration::from_millis(20));

/// How long the engine and nginx may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// How often somebody looks when nobody asks: first, and once all is well.
const LOOK_EVERY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// How long nginx may take to come up before that is worth a line in the log.
const START: Duration = Duration::from_secs(6);

/// For how long nobody listens on the engine's socket before it is plain that ours is an old one. An engine that is restarted
/// is back by then, or takes longer than anybody would ask.
const REPLACED: Duration = Duration::from_secs(10);

/// The cause before the first finding.
const NOT_YET: &str = "not ready yet";

/// What must be well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The volume is usable and laid out.
    Volume,
    /// The Docker engine answers.
    Engine,
    /// nginx accepts connections.
    Nginx,
    /// SSH accepts connections.
    Ssh,
    /// Apps were restored.
    Restore,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Volume => "volume",
            Part::Engine => "engine",
            Part::Nginx => "nginx",
            Part::Ssh => "ssh",
            Part::Restore => "restore",
        })
    }
}

/// The state of the parts.
pub struct Health {
    docker: Arc<dyn Docker>,
    http_port: u16,
    generation_port: u16,
    ready: PathBuf,
    layout: Layout,
    parts: Mutex<Parts>,
    begun: Instant,
}

#[derive(Default)]
struct Parts {
    sick: BTreeMap<Part, String>,
    /// When engine and nginx were asked last, and for how long that is good.
    probed: Option<(Instant, Duration)>,
    /// Since when nobody listens on the engine's socket.
    refused: Option<Instant>,
}

impl Health {
    /// Nothing is well yet. A file at `places.layout.ready()` says so once it is.
    pub fn new(docker: Arc<dyn Docker>, places: &Places) -> Arc<Self> {
        let mut parts = Parts::default();
        for part in [Part::Volume, Part::Engine, Part::Nginx, Part::Ssh, Part::Restore] {
            parts.sick.insert(part, NOT_YET.to_owned());
        }
        Arc::new(Health {
            docker,
            http_port: places.http_port,
            generation_port: places.generation_port,
            ready: places.layout.ready(),
            layout: places.layout.clone(),
            parts: Mutex::new(parts),
            begun: Instant::now(),
        })
    }

    /// The part is well.
    pub fn is_well(&self, part: Part) {
        self.lock().sick.remove(&part);
    }

    /// The part is not well; the log says why, once.
    pub fn is_sick(&self, part: Part, fault: &Fault) {
        let why = std::iter::once(fault.message.as_str())
            .chain(fault.hints.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(". ");
        let before = self.lock().sick.insert(part, why.clone());
        // At a start nginx is always late: that is news only when it stays so.
        let is_start = part == Part::Nginx && self.begun.elapsed() < START;
        if is_start {
            self.lock().sick.insert(part, NOT_YET.to_owned());
        } else if before.as_deref() != Some(why.as_str()) {
            warn!(part = %part, "{why}");
        }
    }

    /// What is not well now, and why. Asks the engine and nginx.
    pub async fn sick(&self) -> BTreeMap<Part, String> {
        let is_fresh = self.lock().probed.is_some_and(|(moment, good_for)| moment.elapsed() < good_for);
        if !is_fresh {
            let (engine, nginx) = tokio::join!(self.probe_engine(), self.probe_nginx());
            let good_for = if engine.is_ok() && nginx.is_ok() { FRESH.0 } else { FRESH.1 };
            for (part, found) in [(Part::Engine, engine), (Part::Nginx, nginx)] {
                match found {
                    Ok(()) => self.is_well(part),
                    Err(fault) => self.is_sick(part, &fault),
                }
            }
            self.lock().probed = Some((Instant::now(), good_for));
        }
        self.lock().sick.clone()
    }

    /// Answers the endpoint.
    pub async fn answer(self: Arc<Self>, asked: Asked) -> Answer {
        if asked.path != "/_dokku/health" {
            return Answer { status: 404, content_type: "text/plain", body: "not found\n".to_owned() };
        }
        let sick = self.sick().await;
        let status = if sick.is_empty() { 200 } else { 503 };
        if asked.query.split('&').any(|pair| pair == "format=json") {
            let causes: serde_json::Map<String, serde_json::Value> =
                sick.into_iter().map(|(part, why)| (part.to_string(), why.into())).collect();
            let body = json!({ "healthy": status == 200, "causes": causes });
            return Answer { status, content_type: "application/json", body: format!("{body}\n") };
        }
        let body = if status == 200 { "ok\n" } else { "not ready\n" };
        Answer { status, content_type: "text/plain", body: body.to_owned() }
    }

    /// Looks for ever, so that the log tells what changes and the ready file appears when all is well for the first time.
    pub async fn watch(self: Arc<Self>) {
        let mut was_well = false;
        let mut was_ever_well = false;
        loop {
            let sick = self.sick().await;
            let well = sick.is_empty();
            if well && !was_well {
                info!("healthy");
            } else if was_well && !well {
                let parts: Vec<String> = sick.keys().map(ToString::to_string).collect();
                warn!("unhealthy: {}", parts.join(", "));
            }
            if well && !was_ever_well {
                was_ever_well = files::write_as_root(&self.ready, b"", 0o644).is_ok();
            }
            was_well = well;
            tokio::time::sleep(if well { LOOK_EVERY.1 } else { LOOK_EVERY.0 }).await;
        }
    }

    async fn probe_engine(&self) -> Result<(), Fault> {
        match tokio::time::timeout(ANSWER_WITHIN, self.docker.ping()).await {
            Ok(Err(error)) if error.is_refused() => {
                let since = *self.lock().refused.get_or_insert_with(Instant::now);
                Err(if since.elapsed() >= REPLACED { self.replaced() } else { error.into() })
            }
            Ok(answer) => {
                self.lock().refused = None;
                answer.map_err(Fault::from)
            }
            Err(_silence) => Err(Fault::new("the Docker engine does not answer")),
        }
    }

    /// A socket that was mounted stays the same one, whatever takes its place on the host.
    fn replaced(&self) -> Fault {
        let place = own_place::read(&self.layout).ok().flatten();
        let name = place.map(|place| place.name).filter(|name| !name.is_empty());
        let seconds = REPLACED.as_secs();
        Fault::new(format!("nothing has listened on the Docker socket for {seconds} seconds: the engine is down, or has a new socket"))
            .hint(format!("If it runs on the host, restart this container: docker restart {}", name.as_deref().unwrap_or("dokku")))
            .hint("Routes go on serving meanwhile")
    }

    async fn probe_nginx(&self) -> Result<(), Fault> {
        let port = self.http_port;
        if !self.accepts(port).await {
            return Err(Fault::new(format!("nginx does not accept connections on port {port}")));
        }
        // Somebody does; only our nginx listens on the other port too.
        if !self.accepts(self.generation_port).await {
            return Err(Fault::new(format!("nginx does not run, and something else has port {port}"))
                .hint("Stop that program, or give the container a network of its own"));
        }
        Ok(())
    }

    async fn accepts(&self, port: u16) -> bool {
        tokio::time::timeout(ANSWER_WITHIN, net::accepts(port)).await.unwrap_or(false)
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
