//! Routes follow containers. Looks are few and cheap: what happens within a moment is looked at together, with one call of
//! the engine, and only an app of which something else is on record costs more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{debug, warn};

use super::standing::{Place, Seen, Standing, places, standing, taken};
use crate::deploy;
use crate::model::{AppName, Outcome};
use crate::platform::docker::{Docker, Filter};
use crate::platform::{lock, probe};
use crate::server::upkeep::{Commands, TEND};
use crate::store::{Layout, apps, own_place};

/// The command that follows.
const FOLLOW: &str = "network:follow";

/// How long is waited for more of the same.
const TOGETHER: Duration = Duration::from_millis(100);

/// How long a container that ended may take to come back, where the engine is about to start it again, before nothing leads
/// to it any more: not even so long where another container has its address.
const GRACE: Duration = Duration::from_secs(1);

/// How long the engine may go on listing one that ended as running.
const LAG: Duration = Duration::from_millis(100);

/// How often a container that is back is asked whether it answers.
const ASK_EVERY: Duration = Duration::from_millis(200);

/// How long it is asked. Then its address is taken as it is: it is its own.
const ASK_FOR: Duration = Duration::from_secs(15);

/// How long it may take to accept.
const ACCEPTS_WITHIN: Duration = Duration::from_millis(250);

/// How many are asked at once.
const ASKED_AT_ONCE: usize = 64;

/// How long until it is looked whether routes did follow: doubled each time they did not, up to the second value.
const AGAIN: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(60));

/// How often it is looked whether a deploy is over.
const DEPLOY: Duration = Duration::from_secs(1);

/// How long a command is waited for. It may hang in a plugin, and other apps' routes are not to hang with it.
const COMMAND: Duration = Duration::from_secs(60);

/// The most ids that a question to the engine names; beyond these all of our containers are asked for.
const NAMED: usize = 64;

/// What routes are to be looked at for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Nobody listened for a while.
    All,
    /// A container of this app was started or removed.
    App(AppName),
    /// A container of this app ended.
    Ended(AppName),
    /// Something happened to this container, whoever's it is.
    Container(String),
}

/// An app that is looked at.
#[derive(Clone, Copy, Debug)]
struct Look {
    due: Instant,
    /// Since when.
    begun: Instant,
    /// Until when what ended may come back.
    grace: Instant,
    tries: u32,
    /// A deploy was going on when routes were written: they are written once more after it.
    must_repeat: bool,
}

/// What becomes of the apps that were looked at.
#[derive(Default)]
struct Verdicts {
    /// They are to be followed.
    moved: BTreeSet<AppName>,
    /// They are looked at again at that time.
    waits: BTreeMap<AppName, Instant>,
    /// They are to be asked whether they answer.
    asked: Vec<(AppName, Vec<String>, u16)>,
}

/// The routes of all apps.
pub struct Routes<C> {
    docker: Arc<dyn Docker>,
    layout: Layout,
    commands: Arc<C>,
    looks: BTreeMap<AppName, Look>,
    containers: BTreeSet<String>,
    containers_due: Option<Instant>,
    must_tend: bool,
}

impl<C: Commands> Routes<C> {
    /// Knows of nothing that is to be looked at.
    pub fn new(docker: Arc<dyn Docker>, layout: Layout, commands: Arc<C>) -> Self {
        let (looks, containers) = (BTreeMap::new(), BTreeSet::new());
        Routes { docker, layout, commands, looks, containers, containers_due: None, must_tend: false }
    }

    /// Looks at what it is told of, for as long as somebody may tell.
    pub async fn work(mut self, mut concerns: mpsc::UnboundedReceiver<Concern>) {
        loop {
            let due = self.due();
            let pause = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                concern = concerns.recv() => match concern {
                    Some(concern) => self.note(concern),
                    None => return,
                },
                () = pause => {
                    if let Err(fault) = self.look().await {
                        debug!("routes are looked at again: {fault}");
                    }
                }
            }
        }
    }

    /// Notes what is to be looked at.
    pub fn note(&mut self, concern: Concern) {
        let now = Instant::now();
        match concern {
            Concern::All => match apps::all(&self.layout) {
                Ok(all) => all.into_iter().for_each(|app| self.note_app(app, now, Duration::ZERO)),
                Err(fault) => warn!("routes are not looked at: {fault}"),
            },
            Concern::App(app) => self.note_app(app, now, TOGETHER),
            Concern::Ended(app) => {
                self.note_app(app.clone(), now, LAG / 2);
                if let Some(look) = self.looks.get_mut(&app) {
                    look.grace = now + GRACE;
                }
            }
            Concern::Container(id) => {
                self.containers.insert(id);
                // A network is joined before a container's program begins: in time to take the address away from
                // routes to one that is down.
                let is_urgent = self.looks.values().any(|look| look.grace > now);
                let due = if is_urgent { now } else { now + TOGETHER };
                self.containers_due = Some(self.containers_due.map_or(due, |known| known.min(due)));
            }
        }
    }

    fn note_app(&mut self, app: AppName, now: Instant, after: Duration) {
        let new = Look { due: now + after, begun: now, grace: now + after, tries: 0, must_repeat: false };
        let look = self.looks.entry(app).or_insert(new);
        look.due = look.due.min(now + after);
        look.grace = now + after;
        look.begun = now;
        look.tries = 0;
    }

    fn due(&self) -> Option<Instant> {
        self.looks.values().map(|look| look.due).chain(self.containers_due).min()
    }

    /// Looks at all that is due, and acts.
    ///
    /// # Errors
    /// When the engine cannot be asked; all of it is then due again in a while.
    pub async fn look(&mut self) -> Outcome {
        let now = Instant::now();
        let containers = self.containers_due.is_some_and(|due| due <= now).then(|| {
            self.containers_due = None;
            std::mem::take(&mut self.containers)
        });
        // Whoever is new may have the address of one that is down: these are looked at with it.
        let has_new = containers.is_some();
        let due: Vec<AppName> = self
            .looks
            .iter()
            .filter(|(_, look)| look.due <= now || (has_new && look.grace > now))
            .map(|(app, _)| app.clone())
            .collect();
        let mut known = Vec::new();
        for app in due {
            match places(&self.layout, &app) {
                Ok(places) if places.is_empty() => drop(self.looks.remove(&app)),
                Ok(places) => known.push((app, places)),
                Err(fault) => {
                    warn!("the addresses of {app} are not known: {fault}");
                    self.looks.remove(&app);
                }
            }
        }
        let containers = containers.unwrap_or_default();
        if known.is_empty() && containers.is_empty() {
            return Ok(());
        }
        let seen = match self.ask(&known, &containers).await {
            Ok(seen) => seen,
            Err(fault) => {
                known.iter().for_each(|(app, _)| self.put_off(app, now));
                self.containers.extend(containers);
                self.containers_due = (!self.containers.is_empty()).then(|| now + AGAIN.0);
                return Err(fault);
            }
        };
        self.recognise(&containers, &seen, &known, now);
        let moved = self.judge(&known, &seen, now).await;
        self.follow(moved).await;
        Ok(())
    }

    async fn ask(&self, known: &[(AppName, Vec<Place>)], containers: &BTreeSet<String>) -> Outcome<Seen> {
        let ids = known.iter().flat_map(|(_, places)| places).map(|place| &place.id).chain(containers);
        let filter = if ids.clone().count() > NAMED {
            Filter::all()
        } else {
            ids.fold(Filter::all(), |filter, id| filter.and("id", id))
        };
        let listed = self.docker.list_containers(&filter).await?;
        Ok(listed.into_iter().map(|container| (container.id.clone(), container)).collect())
    }

    /// Finds out whose containers these are.
    fn recognise(
        &mut self,
        containers: &BTreeSet<String>,
        seen: &Seen,
        known: &[(AppName, Vec<Place>)],
        now: Instant,
    ) {
        let own = own_place::read(&self.layout).ok().flatten().map(|place| place.id);
        for id in containers {
            if own.as_ref() == Some(id) {
                self.must_tend = true;
            }
            let label = |key: &str| seen.get(id)?.labels.get(key);
            if label("com.dokku.container-type").is_some_and(|kind| kind == "deploy")
                && let Some(app) = label("com.dokku.app-name").and_then(|app| app.parse::<AppName>().ok())
                && !known.iter().any(|(looked_at, _)| *looked_at == app)
            {
                self.note_app(app, now, Duration::ZERO);
            }
        }
    }

    /// Which apps are to be followed now. The others are looked at again later, or no more.
    async fn judge(&mut self, known: &[(AppName, Vec<Place>)], seen: &Seen, now: Instant) -> Vec<AppName> {
        let mut verdicts = self.verdicts(known, seen, now);
        for (app, is_up) in ask_all(std::mem::take(&mut verdicts.asked)).await {
            if is_up {
                verdicts.moved.insert(app);
            } else {
                verdicts.waits.insert(app, now + ASK_EVERY);
            }
        }
        let Verdicts { mut moved, mut waits, .. } = verdicts;
        for (app, _) in known {
            let is_turning = is_in_deploy(&self.layout, app) && deploy::is_switching(&self.layout, app);
            if is_turning && moved.remove(app) {
                waits.insert(app.clone(), now + DEPLOY);
            }
            match (self.looks.get_mut(app), waits.get(app)) {
                (Some(look), Some(until)) => look.due = *until,
                // The engine tells of an end before it lists it.
                (Some(look), None) if look.grace > now && !moved.contains(app) => {
                    look.due = look.grace.min(now + LAG);
                }
                (Some(_), None) if !moved.contains(app) => drop(self.looks.remove(app)),
                (Some(_) | None, _) => {}
            }
        }
        moved.into_iter().collect()
    }

    /// What is known without asking anybody else.
    fn verdicts(&self, known: &[(AppName, Vec<Place>)], seen: &Seen, now: Instant) -> Verdicts {
        let taken = taken(seen);
        let mut verdicts = Verdicts::default();
        for (app, places) in known {
            let Some(look) = self.looks.get(app) else { continue };
            for place in places {
                let asks = place.dyno.process_type.is_web() && now < look.begun + ASK_FOR;
                match standing(place, seen) {
                    Standing::True => {}
                    Standing::Restarting if now < look.grace && !taken.contains(&place.address) => {
                        verdicts.waits.insert(app.clone(), look.grace);
                    }
                    Standing::Back(addresses) if asks => {
                        verdicts.asked.push((app.clone(), addresses, place.port));
                    }
                    Standing::Moved | Standing::Down | Standing::Restarting | Standing::Back(_) => {
                        verdicts.moved.insert(app.clone());
                    }
                }
            }
            if look.must_repeat && is_in_deploy(&self.layout, app) {
                verdicts.waits.insert(app.clone(), now + DEPLOY);
            } else if look.must_repeat {
                verdicts.moved.insert(app.clone());
            }
        }
        verdicts
    }

    /// Lets routes follow these apps, and looks again whether they did.
    async fn follow(&mut self, apps: Vec<AppName>) {
        if std::mem::take(&mut self.must_tend) {
            self.run(vec![TEND.to_owned()]).await;
        }
        if apps.is_empty() {
            return;
        }
        let was_in_deploy: Vec<bool> = apps.iter().map(|app| is_in_deploy(&self.layout, app)).collect();
        let words = std::iter::once(FOLLOW.to_owned()).chain(apps.iter().map(ToString::to_string));
        self.run(words.collect()).await;
        let now = Instant::now();
        for (app, was_in_deploy) in apps.into_iter().zip(was_in_deploy) {
            if let Some(look) = self.looks.get_mut(&app) {
                look.must_repeat = was_in_deploy || is_in_deploy(&self.layout, &app);
            }
            self.put_off(&app, now);
        }
    }

    async fn run(&self, words: Vec<String>) {
        match timeout(COMMAND, self.commands.run(words)).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => warn!("{fault}"),
            Err(_late) => {
                warn!("routes of some apps are not followed yet: the command still runs after {COMMAND:?}")
            }
        }
    }

    fn put_off(&mut self, app: &AppName, now: Instant) {
        if let Some(look) = self.looks.get_mut(app) {
            look.due = now + (AGAIN.0 * 2_u32.pow(look.tries.min(9))).min(AGAIN.1);
            look.tries += 1;
        }
    }
}

fn is_in_deploy(layout: &Layout, app: &AppName) -> bool {
    // What cannot be told is left alone.
    lock::holder(&layout.deploy_queue(app)).map_or(true, |holder| holder.is_some())
}

/// Which of them answer, each at one of its addresses.
async fn ask_all(asked: Vec<(AppName, Vec<String>, u16)>) -> Vec<(AppName, bool)> {
    stream::iter(asked.into_iter().map(ask)).buffer_unordered(ASKED_AT_ONCE).collect().await
}

async fn ask((app, addresses, port): (AppName, Vec<String>, u16)) -> (AppName, bool) {
    for address in addresses {
        if probe::accepts(&address, port, ACCEPTS_WITHIN).await {
            return (app, true);
        }
    }
    (app, false)
}
