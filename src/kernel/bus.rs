//! The one place where triggers meet listeners, native and external.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use super::call::{Input, Reply, Stdin};
use super::ctx::Ctx;
use super::domain::Domain;
use super::event_log::Event;
use super::failure::{Failure, Result};
use super::listener::{External, Listener};
use super::output::Stream;
use super::payload::Payload;
use super::trigger::Trigger;
use super::{plugin_container, plugin_daemon, plugin_host, program};
use crate::model::{Daemon, InContainer, Outcome};
use crate::platform::files;
use crate::store::Layout;
use crate::store::plugins::disabled_core;

/// How deep a trigger may fire triggers, through whatever programs: a loop of plugins ends here.
const DEEPEST: u32 = 64;
const DEPTH: &str = "DOKKU_TRIGGER_DEPTH";

/// A plugin found on disk.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// Its folder name, which decides the order of reactions.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What answers for it.
    pub host: Host,
}

/// What answers the triggers of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Host {
    /// Programs in its folder, by the triggers' names.
    #[default]
    Programs,
    /// Besides these, for some triggers, a program that is kept running.
    Daemon(Daemon),
    /// Besides these, for some triggers, containers of an image.
    Container(InContainer),
}

impl Host {
    /// The triggers that are not answered by programs in the plugin's folder.
    fn triggers(&self) -> &[String] {
        match self {
            Host::Programs => &[],
            Host::Daemon(daemon) => &daemon.triggers,
            Host::Container(container) => &container.triggers,
        }
    }

    /// True for these.
    fn takes(&self, trigger: &str) -> bool {
        self.triggers().iter().any(|one| one == trigger)
    }
}

/// All native domains, and where external ones are found.
#[derive(Clone, Copy)]
pub struct Registry {
    /// Native domains, alphabetical.
    pub domains: &'static [&'static Domain],
    /// Finds the enabled plugins that are not native.
    pub plugins: fn(&Layout) -> Outcome<Vec<Plugin>>,
}

/// The bus: a registry, and the plugins found on disk, looked for once and only when something is fired.
#[derive(Clone)]
pub struct Bus {
    registry: Registry,
    found: Arc<OnceLock<Found>>,
}

/// So many triggers are looked for plugin by plugin; for more it is cheaper to list their folders once.
const FEW: u32 = 4;

/// What is there on disk.
struct Found {
    plugins: Vec<Plugin>,
    /// How many triggers were looked for.
    asked: AtomicU32,
    /// Plugins by the names of their files, and of what is sent to their hosts, in plugin order.
    by_file: OnceLock<HashMap<String, Vec<usize>>>,
    /// Native domains that are not to be called, by their plugins' names.
    disabled: BTreeSet<String>,
}

impl Found {
    fn look(find: fn(&Layout) -> Outcome<Vec<Plugin>>, layout: &Layout) -> Outcome<Self> {
        Ok(Found::of(find(layout)?, disabled_core(layout)?))
    }

    fn of(plugins: Vec<Plugin>, disabled: BTreeSet<String>) -> Self {
        Found { plugins, asked: AtomicU32::new(0), by_file: OnceLock::new(), disabled }
    }

    /// Who may listen to the trigger. Most commands ask for two or three, a deploy for some eighty.
    fn listeners(&self, trigger: &str) -> Vec<&Plugin> {
        if self.asked.fetch_add(1, Ordering::Relaxed) < FEW {
            return self.plugins.iter().collect();
        }
        let by_file = self.by_file.get_or_init(|| self.list());
        let listeners = by_file.get(trigger).map(Vec::as_slice).unwrap_or_default();
        listeners.iter().map(|at| &self.plugins[*at]).collect()
    }

    fn list(&self) -> HashMap<String, Vec<usize>> {
        let mut by_file: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, plugin) in self.plugins.iter().enumerate() {
            // One that cannot be looked into has no files that could be run either.
            let names = files::names(&plugin.folder).unwrap_or_default();
            let sent = plugin.host.triggers().iter().filter(|trigger| !names.contains(trigger)).cloned();
            let sent: Vec<String> = sent.collect();
            for name in names.into_iter().chain(sent) {
                by_file.entry(name).or_default().push(at);
            }
        }
        by_file
    }
}

enum Reactor<'a> {
    Native(&'static Listener),
    External(&'a External),
}

impl Bus {
    /// A bus over these domains.
    pub fn new(registry: Registry) -> Self {
        Bus { registry, found: Arc::new(OnceLock::new()) }
    }

    /// The same over the plugins that are there from now on.
    #[must_use]
    pub fn anew(&self) -> Self {
        Bus::new(self.registry)
    }

    /// All domains, and where plugins are found.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The same over native domains alone.
    #[must_use]
    pub fn without_plugins(&self) -> Self {
        Bus::new(Registry { plugins: |_| Ok(Vec::new()), ..self.registry })
    }

    /// Over one plugin alone, and no native domain.
    #[must_use]
    pub fn with_plugin_alone(&self, plugin: &Plugin) -> Self {
        let found = Arc::new(OnceLock::from(Found::of(vec![plugin.clone()], BTreeSet::new())));
        Bus { registry: Registry { domains: &[], ..self.registry }, found }
    }

    /// All native domains.
    pub fn domains(&self) -> &'static [&'static Domain] {
        self.registry.domains
    }

    /// Fires a trigger with the standard input that its declaration says.
    ///
    /// # Errors
    /// The first listener's that fails.
    pub async fn fire<T: Trigger>(&self, ctx: &Ctx, trigger: &T) -> Result<T::Output> {
        let input = match T::STDIN {
            Stdin::Inherited => Input::Inherited,
            Stdin::Nothing | Stdin::Json => Input::Empty,
        };
        self.fire_with(ctx, trigger, &input).await
    }

    /// Fires a trigger with this standard input.
    ///
    /// # Errors
    /// The first listener's that fails.
    pub async fn fire_with<T: Trigger>(&self, ctx: &Ctx, trigger: &T, input: &Input) -> Result<T::Output> {
        let reply = self.walk(ctx, T::NAME, trigger.arguments(), input, T::Output::CAPTURED).await?;
        Ok(T::Output::parse(&reply.stdout)?)
    }

    /// The enabled plugins found on disk.
    ///
    /// # Errors
    /// When their folder cannot be read.
    pub fn plugins(&self, layout: &Layout) -> Result<&[Plugin]> {
        Ok(&self.found(layout)?.plugins)
    }

    /// True for a native domain, by its plugin's name, that is not to be called.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn is_disabled(&self, layout: &Layout, plugin: &str) -> Result<bool> {
        Ok(self.found(layout)?.disabled.contains(plugin))
    }

    fn found(&self, layout: &Layout) -> Outcome<&Found> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        let found = Found::look(self.registry.plugins, layout)?;
        // Another thread may have been first; both saw the same folders.
        Ok(self.found.get_or_init(|| found))
    }

    /// The folder of each domain in the property store.
    pub fn property_folders(&self) -> impl Iterator<Item = &'static str> {
        let folder = |domain: &&'static Domain| domain.properties.map_or(domain.plugin, |table| table.plugin);
        self.registry.domains.iter().map(folder)
    }

    /// Plugins' executables for a trigger, in plugin order.
    ///
    /// # Errors
    /// When the folder of enabled plugins cannot be read.
    pub fn externals(&self, layout: &Layout, trigger: &str) -> Result<Vec<External>> {
        Ok(self
            .found(layout)?
            .listeners(trigger)
            .into_iter()
            .map(|plugin| (plugin, plugin.folder.join(trigger)))
            .filter(|(plugin, path)| plugin.host.takes(trigger) || files::is_file(path))
            .map(|(plugin, path)| External { plugin: plugin.clone(), trigger: trigger.to_owned(), path })
            .collect())
    }

    /// Walks all listeners of a trigger in the order of plugin names; the first that fails ends the walk.
    ///
    /// # Errors
    /// That listener's failure; for an executable its exit status.
    pub async fn walk(
        &self,
        ctx: &Ctx,
        trigger: &str,
        arguments: Vec<String>,
        input: &Input,
        is_captured: bool,
    ) -> Result<Reply> {
        let depth = ctx.env.get(DEPTH).and_then(|depth| depth.parse().ok()).unwrap_or(0) + 1;
        if depth > DEEPEST {
            return Err(Failure::internal(format!("trigger {trigger} was fired {DEEPEST} levels deep"))
                .hint("a plugin fires a trigger that leads back to itself"));
        }
        let event = Event::begin(ctx, trigger, &arguments)?;
        let externals = self.externals(ctx.layout(), trigger)?;
        let reactors = self.reactors(trigger, &externals, &self.found(ctx.layout())?.disabled);
        let mut reply = Reply::default();
        if reactors.is_empty() {
            event.end(ctx, 0, Ok(()))?;
            return Ok(reply);
        }
        let inner = ctx.with_env(DEPTH, depth.to_string());
        let mut outcome = Ok(());
        for reactor in reactors {
            reply.listeners += 1;
            let call = Call { trigger, arguments: &arguments, input, is_captured };
            match self.call(&inner, &reactor, &call).await {
                Ok(text) => reply.stdout.push_str(&text),
                Err(failure) => {
                    outcome = Err(failure);
                    break;
                }
            }
        }
        event.end(ctx, reply.listeners, outcome.as_ref().map(drop))?;
        outcome.map(|()| reply)
    }

    /// One listener's turn: what it wrote, where that is captured.
    async fn call(&self, ctx: &Ctx, reactor: &Reactor<'_>, call: &Call<'_>) -> Result<String> {
        let text = match reactor {
            Reactor::Native(listener) => (listener.react)(ctx.clone(), call.arguments.to_vec()).await?,
            Reactor::External(external) => run(ctx, external, call).await?,
        };
        if call.is_captured {
            return Ok(text);
        }
        // Whoever reads may be gone; the walk goes on.
        let _ = ctx.out.raw(Stream::Stdout, text.as_bytes());
        Ok(String::new())
    }

    fn reactors<'a>(
        &self,
        trigger: &str,
        externals: &'a [External],
        disabled: &BTreeSet<String>,
    ) -> Vec<Reactor<'a>> {
        let enabled = self.registry.domains.iter().filter(|domain| !disabled.contains(domain.plugin));
        let native = enabled.flat_map(|domain| {
            domain.listeners.iter().map(move |listener| (domain.plugin, Reactor::Native(listener)))
        });
        let mut all: Vec<(&str, Reactor)> = native
            .filter(|(_, reactor)| match reactor {
                Reactor::Native(listener) => listener.trigger == trigger,
                Reactor::External(_) => false,
            })
            .collect();
        all.extend(
            externals.iter().map(|external| (external.plugin.name.as_str(), Reactor::External(external))),
        );
        all.sort_by_key(|(plugin, _)| *plugin);
        all.into_iter().map(|(_, reactor)| reactor).collect()
    }
}

/// What every listener of one walk is given.
struct Call<'a> {
    trigger: &'a str,
    arguments: &'a [String],
    input: &'a Input,
    is_captured: bool,
}

async fn run(ctx: &Ctx, external: &External, call: &Call<'_>) -> Result<String> {
    let Call { trigger, arguments, input, is_captured } = *call;
    let plugin = &external.plugin;
    let asked = plugin_host::Asked { plugin, trigger, arguments, input };
    match &plugin.host {
        Host::Daemon(_) if plugin.host.takes(trigger) => {
            return plugin_daemon::ask(ctx, &asked, is_captured).await;
        }
        Host::Container(container) if plugin.host.takes(trigger) => {
            return plugin_container::ask(ctx, &asked, &container.image, is_captured).await;
        }
        Host::Programs | Host::Daemon(_) | Host::Container(_) => {}
    }
    if !files::is_executable(&external.path) {
        let plugin = &plugin.name;
        ctx.out.plain_error(format!("Trigger '{trigger}' is not executable, skipping plugin ({plugin})"));
        return Ok(String::new());
    }
    // Behind the standard input of a push stands git, whose client does not close it.
    let input = match input {
        Input::Inherited | Input::Given if !ctx.has_input => &Input::Empty,
        Input::Inherited | Input::Given | Input::Empty | Input::Bytes(_) => input,
    };
    let ended = program::ask(ctx, plugin, &external.path, arguments, input, is_captured).await?;
    if ended.status != 0 {
        say_signal(ctx, external, ended.status);
        return Err(Failure::inner(ended.status));
    }
    Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
}

/// A program that a signal ended could say nothing itself.
fn say_signal(ctx: &Ctx, external: &External, status: i32) {
    let (plugin, trigger) = (&external.plugin.name, &external.trigger);
    if (129..160).contains(&status) {
        let signal = status - 128;
        ctx.out.warn(format!("Plugin {plugin} ended {trigger} with status {status}: signal {signal}"));
    }
}
