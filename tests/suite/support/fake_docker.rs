//! A Docker engine in memory. It knows containers, images, networks and volumes as the real one does
//! (tests/suite/contract/docker.rs holds it to that); what only a program could know is planned
//! beforehand. Every call is recorded as the line an operator would type. Asking for what was not
//! planned fails the test, and so does a plan nobody asked for.
#![allow(dead_code, reason = "the engine offers more than the tests of one day ask")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use dokku::model::Fault;
use dokku::model::run_plan::{NetworkJoin, RunPlan};
use dokku::platform::docker::{
    Chunk, Container, DiskItem, DockerError, DockerResult, Endpoint, Event, Image, Network, NetworkMember,
    Owner, Source, Volume,
};
use tokio::sync::{broadcast, watch};

/// The engine. Clone it to keep a hand on it: all clones are one.
#[derive(Clone)]
pub struct FakeDocker {
    state: Arc<Mutex<State>>,
    pub(super) events: broadcast::Sender<Event>,
    pub(super) owner: Owner,
}

/// All the engine knows.
#[derive(Default)]
pub struct State {
    pub containers: BTreeMap<String, Made>,
    pub images: BTreeMap<String, Image>,
    /// From which image an image was committed: both by id.
    pub parents: BTreeMap<String, String>,
    pub networks: BTreeMap<String, Network>,
    pub volumes: BTreeMap<String, Volume>,
    /// How each ends, and how often it is asked for before that is known.
    pub execs: BTreeMap<String, (i64, u32)>,
    /// Contents by the id of an image or container, and path.
    pub files: BTreeMap<(String, String), Vec<u8>>,
    pub calls: Vec<String>,
    /// What the engine says of its security.
    pub security_options: Vec<String>,
    /// Which containers were looked at, a line each.
    pub inspected: Vec<String>,
    /// The minor number of its API, where a test needs another than 1.41.
    pub api_minor: Option<u32>,
    /// What containers wrote that removed themselves: whoever is attached still hears it.
    pub last_words: BTreeMap<String, Vec<Chunk>>,
    /// What takes room, where a test asks.
    pub disk_items: Vec<DiskItem>,
    planned_builds: VecDeque<PlannedBuild>,
    planned_execs: VecDeque<PlannedExec>,
    planned_runs: VecDeque<(String, PlannedRun)>,
    planned_faults: Vec<(String, DockerError)>,
    counter: u64,
    is_here: bool,
}

/// A container, and how its process behaves.
pub struct Made {
    pub container: Container,
    pub plan: RunPlan,
    pub output: Vec<Chunk>,
    pub run: PlannedRun,
    /// How often it ended, and with what; `wait` listens.
    pub ended: watch::Sender<(u64, i64)>,
}

impl Made {
    /// By its own name or by its image's, as `plan_run` may call it.
    fn is_called(&self, name: &str) -> bool {
        self.container.name == name || self.plan.image == name || task_of(&self.plan).as_deref() == Some(name)
    }
}

/// How a build goes.
#[derive(Clone, Debug, Default)]
pub struct PlannedBuild {
    /// What it tells.
    pub lines: Vec<String>,
    /// What the image is made of; a build with an error makes none.
    pub image: Image,
    /// Why it fails.
    pub error: Option<String>,
}

/// What a program run by `exec` does.
#[derive(Clone, Debug, Default)]
pub struct PlannedExec {
    pub stdout: String,
    pub stderr: String,
    pub status: i64,
    /// So often the engine does not know yet that it has ended.
    pub lingers: u32,
}

/// What a container does when it is started.
#[derive(Clone, Debug, Default)]
pub struct PlannedRun {
    pub stdout: String,
    pub stderr: String,
    /// It ends at once with this code; without, it runs until it is stopped.
    pub exit: Option<i64>,
    /// It writes what it reads, and ends well where its input does.
    pub echoes: bool,
}

impl FakeDocker {
    /// An engine with nothing but its own networks.
    pub fn new() -> Self {
        let fake =
            FakeDocker { state: Arc::default(), events: broadcast::channel(256).0, owner: Owner::nobody() };
        for (name, driver) in [("bridge", "bridge"), ("host", "host"), ("none", "null")] {
            let id = fake.state().next_id();
            let network = Network {
                id: id.clone(),
                name: name.into(),
                driver: driver.into(),
                scope: "local".into(),
                ..Network::default()
            };
            fake.state().networks.insert(id, network);
        }
        fake
    }

    /// The same engine, working for an owner.
    pub fn owned_by(&self, id: &str) -> Self {
        FakeDocker { owner: Owner::of_id(id), ..self.clone() }
    }

    /// The state, for a look or a change.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    /// Puts an image there, under this name.
    pub fn have_image(&self, name: &str, mut image: Image) -> String {
        let mut state = self.state();
        if image.id.is_empty() {
            image.id = format!("sha256:{}", state.next_id());
        }
        image.repo_tags.push(with_tag(name));
        let id = image.id.clone();
        state.images.insert(id.clone(), image);
        id
    }

    /// Puts a file into an image, by the id that `have_image` returned.
    pub fn have_file(&self, image: &str, path: &str, content: &str) {
        self.state().files.insert((image.to_owned(), path.to_owned()), content.into());
    }

    /// Takes back what containers were to do that nobody started: who would have was killed.
    pub fn forget_runs(&self) {
        self.state().planned_runs.clear();
    }

    /// Says how the next build goes.
    pub fn plan_build(&self, build: PlannedBuild) {
        self.state().planned_builds.push_back(build);
    }

    /// Takes back the builds that nobody asked for: what would have asked was killed.
    pub fn forget_builds(&self) {
        self.state().planned_builds.clear();
    }

    /// Says what the next program run by `exec` does.
    pub fn plan_exec(&self, exec: PlannedExec) {
        self.state().planned_execs.push_back(exec);
    }

    /// Says what the next container of this name (or image, or phase of a deploy) does when it is started.
    pub fn plan_run(&self, name: &str, run: PlannedRun) {
        self.state().planned_runs.push_back((name.to_owned(), run));
    }

    /// Gives containers addresses of this machine, 127.0.0.0/8, so that a test can listen in their place.
    pub fn give_addresses_of_this_machine(&self) {
        self.state().is_here = true;
    }

    /// True when the container, started or about to be, is planned to echo.
    pub(super) fn echoes(&self, id: &str) -> bool {
        let state = self.state();
        let Some(made) = state.containers.get(id) else { return false };
        let mut planned =
            state.planned_runs.iter().filter(|(name, _)| made.is_called(name)).map(|(_, run)| run);
        planned.next().unwrap_or(&made.run).echoes
    }

    /// Makes the next call that begins with this line fail.
    pub fn plan_fault(&self, call: &str, error: DockerError) {
        self.state().planned_faults.push((call.to_owned(), error));
    }

    /// The calls since the last time, one a line.
    pub fn take_calls(&self) -> String {
        let mut calls = std::mem::take(&mut self.state().calls).join("\n");
        if !calls.is_empty() {
            calls.push('\n');
        }
        calls
    }

    /// Ends a container as if its process had.
    pub fn end_container(&self, name: &str, code: i64) {
        let mut state = self.state();
        let id = state.container_id(name).expect("a container of that name");
        self.end(&mut state, &id, code);
    }

    /// Ends a container and starts it again, as the engine does by itself.
    pub fn restart(&self, name: &str) {
        let mut state = self.state();
        let id = state.container_id(name).expect("a container of that name");
        self.end(&mut state, &id, 1);
        self.begin(&mut state, &id);
    }

    /// Tells of a signal that somebody sends a container; what the container does about it is the test's to say.
    pub fn send_signal(&self, name: &str, number: i32) {
        let state = self.state();
        let id = state.container_id(name).expect("a container of that name");
        self.tell("kill", &state.containers[&id].container, &[("signal", number.to_string())]);
    }

    /// The address of a container in the default network.
    pub fn address_of(&self, name: &str) -> String {
        let state = self.state();
        let id = state.container_id(name).expect("a container of that name");
        state.containers[&id].container.networks()["bridge"].ip.clone()
    }

    /// Gives a container another address in the default network.
    pub fn give_address(&self, name: &str, address: &str) {
        let mut state = self.state();
        let id = state.container_id(name).expect("a container of that name");
        let container = &mut state.containers.get_mut(&id).expect("found above").container;
        let endpoint = container.network_settings.networks.entry("bridge".to_owned()).or_default();
        address.clone_into(&mut endpoint.ip);
    }

    /// How many listen to what happens.
    pub fn events_heard_by(&self) -> usize {
        self.events.receiver_count()
    }

    /// Records a call; the error planned for it, if one is.
    pub(super) fn call(&self, line: impl Into<String>) -> DockerResult<MutexGuard<'_, State>> {
        let line = line.into();
        let mut state = self.state();
        state.calls.push(line.clone());
        match state.planned_faults.iter().position(|(call, _)| line.starts_with(call.as_str())) {
            Some(at) => Err(state.planned_faults.remove(at).1),
            None => Ok(state),
        }
    }

    /// A question is answered but not recorded: only what changes something counts in a snapshot.
    pub(super) fn question(&self) -> MutexGuard<'_, State> {
        self.state()
    }

    pub(super) fn tell(&self, action: &str, container: &Container, more: &[(&str, String)]) {
        let mut event = Event { kind: "container".into(), action: action.into(), ..Event::default() };
        event.actor.id = container.id.clone();
        event.actor.attributes = container.config.labels.clone();
        event.actor.attributes.insert("name".into(), container.name.clone());
        event.actor.attributes.insert("image".into(), container.config.image.clone());
        for (key, value) in more {
            event.actor.attributes.insert((*key).to_owned(), value.clone());
        }
        let _ = self.events.send(event);
    }

    pub(super) fn begin(&self, state: &mut State, id: &str) {
        let Some(made) = state.containers.get(id) else { return };
        let planned = state.planned_runs.iter().position(|(name, _)| made.is_called(name));
        let run = planned.and_then(|at| state.planned_runs.remove(at)).map(|(_, run)| run);
        let addresses = state.addresses(id);
        let made = state.containers.get_mut(id).expect("it was there a line above");
        if let Some(run) = run {
            made.run = run;
        } else if task_of(&made.plan).is_some() {
            // The container of a task ends by itself.
            made.run.exit = Some(0);
        }
        for (source, text) in [(Source::Stdout, &made.run.stdout), (Source::Stderr, &made.run.stderr)] {
            if !text.is_empty() {
                made.output.push(Chunk { source, bytes: text.clone().into() });
            }
        }
        for (network, address) in addresses {
            let endpoint = made.container.network_settings.networks.entry(network).or_default();
            (endpoint.ip, endpoint.gateway) = address;
        }
        let container = &mut made.container;
        container.state.status = "running".into();
        container.state.running = true;
        container.state.pid = 4242;
        container.state.started_at = Some("2026-01-02T03:04:05Z".parse().expect("a time"));
        let (exit, container) = (made.run.exit, container.clone());
        self.tell("start", &container, &[]);
        if let Some(code) = exit {
            self.end(state, id, code);
        }
    }

    pub(super) fn end(&self, state: &mut State, id: &str, code: i64) {
        let Some(made) = state.containers.get_mut(id) else { return };
        if !made.container.state.running {
            return;
        }
        made.container.state.status = "exited".into();
        made.container.state.running = false;
        made.container.state.pid = 0;
        made.container.state.exit_code = code;
        made.container.state.finished_at = Some("2026-01-02T03:04:06Z".parse().expect("a time"));
        for endpoint in made.container.network_settings.networks.values_mut() {
            endpoint.ip.clear();
            endpoint.gateway.clear();
        }
        self.tell("die", &made.container, &[("exitCode", code.to_string())]);
        made.ended.send_modify(|(times, last)| (*times, *last) = (*times + 1, code));
        if made.container.host_config.auto_remove
            && let Some(gone) = state.containers.remove(id)
        {
            state.last_words.insert(id.to_owned(), gone.output);
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert!(self.planned_builds.is_empty(), "planned and not asked for: {:?}", self.planned_builds);
        assert!(self.planned_execs.is_empty(), "planned and not asked for: {:?}", self.planned_execs);
        assert!(self.planned_runs.is_empty(), "planned and not asked for: {:?}", self.planned_runs);
        assert!(self.planned_faults.is_empty(), "planned and not asked for: {:?}", self.planned_faults);
    }
}

impl State {
    pub fn next_id(&mut self) -> String {
        self.counter += 1;
        format!("{:012x}{}", self.counter, "0".repeat(52))
    }

    /// Finds a container by id, start of an id, or name.
    pub fn container_id(&self, name: &str) -> DockerResult<String> {
        let fits = |made: &&Made| {
            made.container.name == name || (name.len() >= 12 && made.container.id.starts_with(name))
        };
        let found = self.containers.values().find(fits).map(|made| made.container.id.clone());
        found.ok_or_else(|| not_found(format!("No such container: {name}")))
    }

    /// Finds an image by id, start of an id, or name.
    pub fn image(&mut self, name: &str) -> DockerResult<&mut Image> {
        let tag = with_tag(name);
        let fits = |image: &&mut Image| {
            let bare = image.id.trim_start_matches("sha256:");
            image.repo_tags.contains(&tag) || image.id == name || (name.len() >= 12 && bare.starts_with(name))
        };
        self.images.values_mut().find(fits).ok_or_else(|| not_found(format!("No such image: {tag}")))
    }

    /// Finds a network by id or name.
    pub fn network(&mut self, name: &str) -> DockerResult<&mut Network> {
        let found = self.networks.values_mut().find(|network| network.name == name || network.id == name);
        found.ok_or_else(|| not_found(format!("network {name} not found")))
    }

    pub fn next_build(&mut self) -> PlannedBuild {
        self.planned_builds.pop_front().expect("an image is built, and no build was planned")
    }

    pub fn next_exec(&mut self) -> PlannedExec {
        self.planned_execs.pop_front().expect("a program is run in a container, and none was planned")
    }

    /// Puts a container into a network; its address comes with the start.
    pub fn join(&mut self, id: &str, join: &NetworkJoin) -> DockerResult {
        let network = self.network(&join.name)?;
        let (network_id, network_name) = (network.id.clone(), network.name.clone());
        let made = self.containers.get_mut(id).expect("callers have looked it up");
        let aliases = join.aliases.clone();
        let member = NetworkMember { name: made.container.name.clone(), address: String::new() };
        let endpoint = Endpoint { network_id: network_id.clone(), aliases, ..Endpoint::default() };
        made.container.network_settings.networks.insert(network_name.clone(), endpoint);
        let running = made.container.state.running;
        self.networks.get_mut(&network_id).expect("found above").containers.insert(id.to_owned(), member);
        if running {
            let mut addresses = self.addresses(id);
            for (network, (address, _)) in &mut addresses {
                if let Some(ip) = join.ip.as_ref().filter(|_| *network == network_name) {
                    address.clone_from(ip);
                }
            }
            let made = self.containers.get_mut(id).expect("callers have looked it up");
            for (network, address) in addresses {
                let endpoint = made.container.network_settings.networks.entry(network).or_default();
                (endpoint.ip, endpoint.gateway) = address;
            }
        }
        Ok(())
    }

    /// An address and a gateway in each network of the container, by network name.
    fn addresses(&self, id: &str) -> Vec<(String, (String, String))> {
        let Some(made) = self.containers.get(id) else { return Vec::new() };
        let number = u64::from_str_radix(&id[..12], 16).unwrap_or(2);
        let first = if self.is_here { 127 } else { 172 };
        let joined = made.container.network_settings.networks.iter();
        joined
            .filter(|(name, _)| *name != "host" && *name != "none")
            .map(|(name, endpoint)| {
                let net = u64::from_str_radix(&endpoint.network_id[..12], 16).unwrap_or(1) + 16;
                (name.clone(), (format!("{first}.{net}.0.{number}"), format!("{first}.{net}.0.1")))
            })
            .collect()
    }
}

/// The phase of a deploy whose task the container runs.
fn task_of(plan: &RunPlan) -> Option<String> {
    plan.label.get("dokku_phase_script").cloned()
}

/// The name with the tag that the engine adds.
pub fn with_tag(name: &str) -> String {
    match name.rsplit_once(':') {
        Some((_, tag)) if !tag.contains('/') => name.to_owned(),
        _ => format!("{name}:latest"),
    }
}

pub fn not_found(message: String) -> DockerError {
    DockerError::NotFound(Fault::new(message))
}

pub fn conflict(message: String) -> DockerError {
    DockerError::Conflict(Fault::new(message))
}
