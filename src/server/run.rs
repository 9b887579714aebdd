//! `dokku serve`: opens the doors and keeps them open. What goes wrong at the start is told by health and log, and tried again.

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};
use tracing::{error, info, warn};

use super::boot::{self, Found, Place};
use super::clock::{self, Shell, Ticker};
use super::control::Control;
use super::daemons::Daemons;
use super::health::{Health, Part};
use super::places::{Places, session_launch};
use super::proxy::Proxy;
use super::ssh::{Door, Limits, Settings};
use super::upkeep::Commands;
use super::{events, folders, liveness, logging, nginx, renewal, settling, take_up, upkeep};
use crate::deploy;
use crate::kernel::plugin_container;
use crate::model::{Fault, Outcome};
use crate::platform::control::ControlSocket;
use crate::platform::docker::Engine;
use crate::platform::env::{Env, command_program, own_program};
use crate::platform::process::{self, Input, Output, Program};
use crate::platform::{Platform, files, http_server, net, stop, user};
use crate::store::retired::Retired;
use crate::store::{Layout, acme, forwarders, keys, plugins, repositories, version};

/// How long until what failed at the start is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// How long sessions may take to end, once we are told to stop.
const SESSIONS_END_WITHIN: Duration = Duration::from_millis(2500);

/// The command that brings apps back after a start.
const RESTORE: &str = "ps:restore";

/// The command that makes today's forms of what older releases left.
const TAKE_OVER: &str = "take-over";

/// How long until a failed restore is tried again.
const RESTORE_AGAIN: Duration = Duration::from_secs(10);

/// How long apps wait for plugins to be ready, and plugins for this container to be found at the engine.
const PLUGINS_WITHIN: Duration = Duration::from_secs(30);

/// The word for making the RSA host key.
pub const RSA_KEY: &str = "rsa-host-key";

/// When the RSA host key is made: it takes a processor for seconds, which a first start needs itself.
const RSA_AFTER: Duration = Duration::from_secs(5);

/// The server's own world.
#[derive(Clone)]
struct Server {
    env: Env,
    places: Places,
    platform: Platform,
    health: Arc<Health>,
    door: Arc<OnceLock<Arc<Door>>>,
    daemons: Arc<Daemons>,
}

/// Makes the RSA host key: a process of its own, so that the server at rest keeps no page of what that takes.
pub fn make_rsa_key(env: &Env) -> ExitCode {
    logging::begin(env);
    match keys::make_rsa_host_key(&Places::from_env(env).host_keys()) {
        Ok(_) => ExitCode::SUCCESS,
        Err(fault) => {
            error!("{fault}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until it is told to stop.
pub fn run(env: &Env, platform: Platform) -> ExitCode {
    logging::begin(env);
    let places = Places::from_env(env);
    let health = Health::new(Arc::clone(&platform.docker), &places);
    let daemons = Daemons::new(places.layout.clone(), command_env(env, &places.layout));
    let server = Server { env: env.clone(), places, platform, health, door: Arc::default(), daemons };
    let ended = crate::platform::server_runtime().and_then(|runtime| {
        let ended = runtime.block_on(server.serve());
        // What still computes is not worth waiting for.
        runtime.shutdown_background();
        ended
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            error!("{fault}");
            ExitCode::FAILURE
        }
    }
}

impl Server {
    async fn serve(self) -> Outcome {
        info!(version = env!("CARGO_PKG_VERSION"), "dokku serve begins");
        tokio::spawn(self.clone().open_health());
        tokio::spawn(Arc::clone(&self.health).watch());
        tokio::spawn(self.clone().start());
        stop::requested().await?;
        info!("told to stop");
        // Pushes that this ends are taken up by the next one; whoever is told to end later finds it here.
        if let Err(fault) = files::write_as_root(&self.places.layout.ending(), b"", 0o644) {
            warn!("{fault}");
        }
        let close = async {
            if let Some(door) = self.door.get() {
                door.close(SESSIONS_END_WITHIN).await;
            }
        };
        tokio::join!(close, self.daemons.stop());
        Ok(())
    }

    /// The story of a start.
    async fn start(self) {
        let found = self.insist(Part::Volume, || self.lay_out()).await;
        // Before anybody reads what an older release wrote.
        if found == Found::Used
            && let Err(fault) = self.run(vec![TAKE_OVER.to_owned()]).await
        {
            warn!("what an older release left is not taken over: {fault}");
        }
        let proxy = Proxy::begin(&self.env, &self.places.layout, &self.platform);
        if let Err(fault) = proxy.prepare().await {
            warn!("routes are not prepared: {fault}");
        }
        self.insist(Part::Volume, || self.open_control(&proxy)).await;
        let (layout, commands) = (&self.places.layout, Arc::new(self.clone()));
        if !files::exists(&layout.laid_out()) {
            events::before_nginx(&self.platform, layout, &commands).await;
        }
        if let Err(fault) = nginx::may_start(layout) {
            warn!("nginx starts late: {fault}");
        }
        // Before the apps come back, which fires triggers.
        if let Err(fault) = self.daemons.adjust().await {
            warn!("daemons of plugins are not started: {fault}");
        }
        tokio::spawn(proxy.catch_up());
        let (door, listener) = self.insist(Part::Ssh, || self.open_door()).await;
        tokio::spawn(Arc::clone(&door).serve(listener));
        tokio::spawn(self.clone().add_rsa_key(door));
        let heeded = events::begin(&self.platform, layout, &commands);
        let world = liveness::World::new(&self.platform, layout, &commands);
        let met = Notify::new();
        tokio::join!(
            async {
                self.renew_plugins(&met).await;
                self.restore(&world).await;
            },
            async {
                self.meet_engine(found).await;
                met.notify_one();
            }
        );
        tokio::spawn(liveness::Watch::new(world, heeded.looks).work());
        self.keep_up(heeded.rebuilds);
    }

    /// Does a step until it succeeds; health says why it does not.
    async fn insist<T>(&self, part: Part, step: impl Fn() -> Outcome<T>) -> T {
        loop {
            match step() {
                Ok(value) => {
                    self.health.is_well(part);
                    return value;
                }
                Err(fault) => self.health.is_sick(part, &fault),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn open_health(self) {
        let health = Arc::clone(&self.health);
        let address = (std::net::Ipv4Addr::LOCALHOST, self.places.health_port).into();
        loop {
            match net::listen(address) {
                Ok(listener) => {
                    let answer = move |asked| Arc::clone(&health).answer(asked);
                    return http_server::serve(listener, answer).await;
                }
                Err(fault) => error!("{fault}"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn lay_out(&self) -> Outcome<Found> {
        let Places { volume, layout, .. } = &self.places;
        let (root, name) = (Path::new("/"), self.system_user());
        let place = Place { root, on: volume, user_name: name };
        let found = boot::lay_out(&place, layout, &*self.platform.random)?;
        files::remove(&layout.ending())?;
        boot::set_global_domain(layout, self.env.get("DOKKU_HOSTNAME"), found)?;
        // An installation that was cut off with the container leaves no half plugin that is called.
        if let Err(fault) = plugins::Change::begin(layout) {
            warn!("plugins are not swept: {fault}");
        }
        self.check_plugins();
        boot::join_engine_group(&root.join("etc"), Path::new(Engine::SOCKET), name)?;
        Ok(found)
    }

    /// Says which plugins do not suit this version. They are called all the same: most work none the less, and one that
    /// is called no more may leave apps without what they need.
    fn check_plugins(&self) {
        let layout = &self.places.layout;
        let version = version::of_volume(layout).unwrap_or_else(|_| env!("CARGO_PKG_VERSION").to_owned());
        match plugins::unsuited(layout, &version) {
            Ok(found) => {
                for (plugin, wanted) in found {
                    warn!(
                        "plugin {plugin} says it needs Dokku {wanted}, and this is {version}: \
                         `dokku plugin:update {plugin}` may bring one that suits"
                    );
                }
            }
            Err(fault) => warn!("plugins are not checked: {fault}"),
        }
    }

    fn open_control(&self, proxy: &Proxy) -> Outcome {
        let name = self.system_user();
        let group = user::lookup(name, name).map(|(_, gid)| gid);
        let socket = ControlSocket::open(&self.places.layout.control_socket(), group)?;
        let (health, layout) = (Arc::clone(&self.health), self.places.layout.clone());
        let (to_stop, to_start) = (layout.clone(), layout);
        let daemons = Arc::clone(&self.daemons);
        let control = Control::default()
            .on("status", move |_: Value| {
                let health = Arc::clone(&health);
                async move {
                    let sick = health.sick().await;
                    let causes: serde_json::Map<String, Value> =
                        sick.into_iter().map(|(part, why)| (part.to_string(), why.into())).collect();
                    Ok(json!({ "healthy": causes.is_empty(), "causes": causes }))
                }
            })
            .on("plugins-changed", move |_| {
                let daemons = Arc::clone(&daemons);
                async move { daemons.adjust().await.map(|()| Value::Null) }
            })
            .on("nginx-stop", move |_| std::future::ready(nginx::stop(&to_stop)))
            .on("nginx-start", move |_| std::future::ready(nginx::start(&to_start)));
        let control = folders::answer(control, &self.places.layout);
        tokio::spawn(proxy.verbs(control).serve(socket));
        Ok(())
    }

    fn open_door(&self) -> Outcome<(Arc<Door>, net::TcpListener)> {
        let (places, name) = (&self.places, self.system_user());
        let host_keys = keys::load_host_keys(&places.host_keys())?;
        let settings = Settings {
            users: vec![name.to_owned(), "git".to_owned()],
            authorized_keys: places.layout.authorized_keys(),
            launch: session_launch(&self.env, &places.layout),
            terminal_owner: user::lookup(name, name),
            limits: Limits::default(),
        };
        let listener = net::listen_everywhere(places.ssh_port)?;
        let door = Door::new(settings, host_keys, Arc::clone(&self.platform.clock));
        // A second door cannot come: the step is over with its first success.
        let door = Arc::clone(self.door.get_or_init(|| door));
        info!(port = places.ssh_port, "SSH is open");
        Ok((door, listener))
    }

    async fn add_rsa_key(self, door: Arc<Door>) {
        let folder = self.places.host_keys();
        if keys::load_host_keys(&folder).is_ok_and(|found| found.len() > 2) {
            return;
        }
        tokio::time::sleep(RSA_AFTER).await;
        let program = Program {
            path: own_program(),
            arguments: vec![RSA_KEY.to_owned()],
            env: self.env.clone(),
            folder: None,
            input: Input::Empty,
            output: Output::Inherited,
        };
        let made = process::run(program).await.and_then(|ended| match ended.status {
            0 => keys::load_host_keys(&folder),
            status => Err(Fault::new(format!("the RSA host key was not made: status {status}"))),
        });
        match made {
            Ok(host_keys) => door.set_host_keys(host_keys),
            Err(fault) => warn!("{fault}"),
        }
    }

    /// Gets plugins ready before apps come back, as an app may need one; but a plugin that takes long, or that cannot
    /// be had, keeps no app away.
    async fn renew_plugins(&self, met_engine: &Notify) {
        let Places { volume, layout, .. } = &self.places;
        if renewal::is_renewed(volume, layout) {
            return;
        }
        // Where the volume is on the host is found there, and plugins keep it in mind.
        let _ = tokio::time::timeout(PLUGINS_WITHIN, met_engine.notified()).await;
        let core = plugins::core_names(layout).unwrap_or_else(|fault| {
            warn!("{fault}");
            Vec::new()
        });
        let (volume, layout, server) = (volume.clone(), layout.clone(), Arc::new(self.clone()));
        let (first, over) = oneshot::channel();
        tokio::spawn(async move {
            let start = renewal::Start { volume: &volume, layout: &layout, core: &core };
            // Whoever waited may have stopped waiting.
            let first = || {
                first.send(()).ok();
            };
            renewal::renew(&start, &renewal::AGAIN, &*server, first).await;
        });
        if tokio::time::timeout(PLUGINS_WITHIN, over).await.is_err() {
            warn!("plugins are not ready yet; apps come back meanwhile");
        }
    }

    /// Brings the apps back, once the engine answers: a command of its own, like any other. One that fails
    /// is tried once more after a while, as in the official image. An app that then still does not start
    /// is that app's trouble, and the log's: the appliance is well.
    async fn restore(&self, world: &liveness::World) {
        while let Err(fault) = self.platform.docker.ping().await {
            self.health.is_sick(Part::Restore, &fault.into());
            tokio::time::sleep(AGAIN).await;
        }
        liveness::finish(world).await;
        if let Err(fault) = self.run_restore().await {
            self.health.is_sick(Part::Restore, &fault);
            tokio::time::sleep(RESTORE_AGAIN).await;
            self.run_restore().await.unwrap_or_else(|fault| error!("{fault}"));
        }
        self.health.is_well(Part::Restore);
    }

    async fn run_restore(&self) -> Outcome {
        self.run(vec![RESTORE.to_owned()]).await
    }

    /// Looks after the apps for as long as we serve.
    fn keep_up(&self, rebuilds: events::Rebuilds) {
        let commands = Arc::new(self.clone());
        let docker = Arc::clone(&self.platform.docker);
        tokio::spawn(async move {
            if let Err(error) = plugin_container::sweep(&docker).await {
                warn!("containers of plugins are not swept: {error}");
            }
        });
        tokio::spawn(rebuilds.work(Arc::clone(&commands)));
        tokio::spawn(take_up::take_up(self.places.layout.clone(), Arc::clone(&commands)));
        let (layout, clock) = (self.places.layout.clone(), Arc::clone(&self.platform.clock));
        let due = move || Retired::Container.is_due(&layout, clock.now().as_second());
        tokio::spawn(upkeep::retire(due, Arc::clone(&commands)));
        let (docker, clock) = (Arc::clone(&self.platform.docker), Arc::clone(&self.platform.clock));
        tokio::spawn(upkeep::retire_runs(docker, clock, Arc::clone(&commands)));
        let layout = self.places.layout.clone();
        tokio::spawn(settling::settle(move || deploy::abandoned(&layout), Arc::clone(&commands)));
        let (docker, layout) = (Arc::clone(&self.platform.docker), self.places.layout.clone());
        tokio::spawn(upkeep::tend_networks(docker, layout, Arc::clone(&commands)));
        let layout = self.places.layout.clone();
        let due = move || forwarders::read(&layout).is_ok_and(|known| known.meeting.is_some());
        tokio::spawn(upkeep::tend_ports(due, Arc::clone(&commands)));
        let (layout, clock) = (self.places.layout.clone(), Arc::clone(&self.platform.clock));
        let due = move || acme::is_any_due(&layout, clock.now());
        tokio::spawn(upkeep::renew_certificates(due, Arc::clone(&commands)));
        let (layout, clock) = (self.places.layout.clone(), Arc::clone(&self.platform.clock));
        let due = move || upkeep::is_cleanup_due(&layout, clock.now().as_second());
        tokio::spawn(upkeep::clean_up(due, Arc::clone(&commands)));
        let (layout, clock) = (self.places.layout.clone(), Arc::clone(&self.platform.clock));
        let shell = Shell::new(command_env(&self.env, &layout), layout.clone(), Arc::clone(&clock));
        tokio::spawn(clock::run(Ticker::new(layout, self.system_user()), clock, Arc::new(shell)));
        let (layout, clock) = (self.places.layout.clone(), Arc::clone(&self.platform.clock));
        tokio::spawn(upkeep::sweep_leftovers(layout, clock));
        let layout = self.places.layout.clone();
        tokio::spawn(upkeep::consolidate(move || repositories::is_any_crowded(&layout), commands));
    }

    /// Finds this container at the engine, as soon as there is one, and tells what to do next.
    async fn meet_engine(&self, found: Found) {
        let Places { volume, layout, .. } = &self.places;
        let mut told = None;
        loop {
            match boot::find_own_container(&self.platform, layout, volume).await {
                Ok(own) => {
                    info!(container = own.name, volume = own.volume_on_host, "found at the engine");
                    if let Err(fault) =
                        boot::remember_own_container(&own, layout, volume, Path::new("/etc"), &self.env)
                    {
                        warn!("{fault}");
                    }
                    // A new container is in none of the networks that the one before it had joined.
                    for verb in [upkeep::TEND, upkeep::TEND_PORTS] {
                        if let Err(fault) = self.run(vec![verb.to_owned()]).await {
                            warn!("{fault}");
                        }
                    }
                    return self.tell_next_steps(found, &own);
                }
                Err(fault) => {
                    let why = fault.to_string();
                    if told.as_ref() != Some(&why) {
                        warn!("this container was not found at the engine: {why}");
                        told = Some(why);
                    }
                }
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn tell_next_steps(&self, found: Found, own: &boot::OwnContainer) {
        if found == Found::Used {
            return;
        }
        let vhost = self.places.layout.vhost(&crate::model::Scope::Global);
        let domain = files::read_text(&vhost).ok().flatten().unwrap_or_default();
        let domain = domain.lines().next().unwrap_or("localhost").to_owned();
        for line in boot::next_steps(&own.name, &domain, &own.ports).lines() {
            info!("{line}");
        }
    }

    fn system_user(&self) -> &str {
        self.env.get("DOKKU_SYSTEM_USER").unwrap_or("dokku")
    }
}

/// The environment of a command that nobody typed.
fn command_env(env: &Env, layout: &Layout) -> Env {
    let mut env = session_launch(env, layout).env;
    env.set("SSH_USER", "root");
    env
}

impl Commands for Server {
    async fn run(&self, words: Vec<String>) -> Outcome {
        // As much as tells it from others: what an app wrote may be among the words.
        let command: String = words.join(" ").chars().take(200).collect();
        let env = command_env(&self.env, &self.places.layout);
        let program = Program {
            path: command_program(),
            arguments: words,
            env,
            folder: None,
            input: Input::Empty,
            output: Output::Inherited,
        };
        match process::run(program).await?.status {
            0 => Ok(()),
            status => Err(Fault::new(format!("`dokku {command}` ended with status {status}"))
                .hint("Its output stands in this log")),
        }
    }
}
