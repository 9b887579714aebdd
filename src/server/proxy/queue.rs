//! Who wants what put to work, and the one task that does it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use tracing::warn;

use super::activate::Activation;
use super::fulfil::{State, Turn, keep_own_name};
use super::look;
use super::pace::Waiting;
use super::places::ProxyPlaces;
use super::prepare::{self, at_work};
use crate::model::{AppName, Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::nginx::{Part, rotate};
use crate::platform::proxy::Refused;
use crate::platform::{Platform, lock};
use crate::server::control::Control;
use crate::store::{Layout, apps};

/// How often the length of logs, and where the own name leads to, is looked at.
const KEEP_WATCH: Duration = Duration::from_secs(60);

/// The proxy as the server has it. Cheap to clone.
#[derive(Clone)]
pub struct Proxy {
    places: Arc<ProxyPlaces>,
    /// The generation that nginx begins with.
    first: u64,
    wishes: mpsc::UnboundedSender<Wish>,
}

/// Somebody wants the configurations of these apps put to work.
struct Wish {
    apps: Vec<AppName>,
    /// True when nginx is to read its configuration anew whether or not an app's has changed.
    is_forced: bool,
    done: oneshot::Sender<Outcome<Vec<(AppName, Fault)>>>,
}

impl Proxy {
    /// Begins to take wishes.
    pub fn begin(env: &Env, layout: &Layout, platform: &Platform) -> Self {
        let places = Arc::new(ProxyPlaces::from_env(env, layout));
        let (wishes, received) = mpsc::unbounded_channel();
        // The number only has to differ from that of a serve before this one.
        let first = u64::try_from(platform.clock.now().as_millisecond()).unwrap_or(1);
        tokio::spawn(work(Arc::clone(&places), received, first));
        tokio::spawn(keep_watch(Arc::clone(&places)));
        Proxy { places, first, wishes }
    }

    /// Makes what must be there before nginx starts.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn prepare(&self) -> Outcome {
        prepare::prepare(&self.places, self.first).await
    }

    /// The verbs that commands ask for.
    pub fn verbs(&self, control: Control) -> Control {
        let (apply, note, reload) = (self.clone(), self.clone(), self.clone());
        let (test, check) = (Arc::clone(&self.places), Arc::clone(&self.places));
        control
            .on("proxy-apply", move |about| {
                let proxy = apply.clone();
                async move { proxy.apply(parse(about)?).await }
            })
            .on("proxy-note", move |about| {
                let proxy = note.clone();
                async move {
                    let app = parse(about)?;
                    tokio::spawn(async move {
                        if let Err(fault) = proxy.apply(app).await {
                            warn!("{fault}");
                        }
                    });
                    Ok(Value::Null)
                }
            })
            .on("proxy-reload", move |_| {
                let proxy = reload.clone();
                async move { proxy.reload().await }
            })
            .on("proxy-test", move |about| {
                let places = Arc::clone(&test);
                async move { look::test(&places, about).await }
            })
            .on("proxy-check", move |about| {
                let places = Arc::clone(&check);
                async move { look::check(&places, about).await }
            })
    }

    /// Puts what the app's folder says to work.
    ///
    /// # Errors
    /// When nginx refuses it; it then goes on as before.
    pub async fn apply(&self, app: AppName) -> Outcome<Value> {
        match self.wish(vec![app], false).await?.pop() {
            Some((_, fault)) => Err(fault),
            None => Ok(Value::Null),
        }
    }

    /// Has every app's configuration at work that its folder holds, and all else that nginx reads.
    ///
    /// # Errors
    /// When the folders cannot be read, or nginx refuses what belongs to no app.
    pub async fn reload(&self) -> Outcome<Value> {
        self.all(true).await
    }

    async fn all(&self, is_forced: bool) -> Outcome<Value> {
        let mut all = BTreeSet::new();
        for part in Part::ALL {
            all.extend(at_work(&self.places, part)?);
        }
        all.extend(apps::all(&self.places.layout)?);
        let refused = self.wish(all.into_iter().collect(), is_forced).await?;
        let refused =
            refused.into_iter().map(|(app, fault)| Refused { app: app.to_string(), why: fault.message });
        Ok(json!(refused.collect::<Vec<_>>()))
    }

    /// Has at work what folders said while nobody was here. An nginx that has just begun has it already, mostly.
    pub async fn catch_up(self) {
        self.places.nginx.begins().await;
        match self.all(false).await {
            Ok(refused) if refused.as_array().is_some_and(Vec::is_empty) => {}
            Ok(refused) => warn!("some configurations are refused: {refused}"),
            Err(fault) => warn!("{fault}"),
        }
    }

    async fn wish(&self, apps: Vec<AppName>, is_forced: bool) -> Outcome<Vec<(AppName, Fault)>> {
        let (done, answer) = oneshot::channel();
        let gone = || Fault::new("dokku serve no longer puts routes to work").hint("see its log");
        self.wishes.send(Wish { apps, is_forced, done }).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

fn parse(about: Value) -> Outcome<AppName> {
    about.as_str().unwrap_or_default().parse()
}

/// Takes all wishes that are there as one, again and again.
async fn work(places: Arc<ProxyPlaces>, mut wishes: mpsc::UnboundedReceiver<Wish>, first: u64) {
    let mut state = State::begun(first);
    while let Some(wish) = wishes.recv().await {
        let is_certain = state.is_certain(&places).await;
        let Some(wish) = fulfilled_already(&places, wish, is_certain) else { continue };
        let mut waiting = Waiting::since(Instant::now(), is_deploy(&places, &wish));
        let mut all = vec![wish];
        while let Ok(wish) = timeout_at(state.pace.due(&waiting), wishes.recv()).await {
            // Who may wish is gone; those who did are still served.
            let Some(wish) = wish else { break };
            if let Some(wish) = fulfilled_already(&places, wish, is_certain) {
                waiting.add(Instant::now(), is_deploy(&places, &wish));
                all.push(wish);
            }
        }
        let is_forced = all.iter().any(|wish| wish.is_forced);
        let wanted: BTreeSet<AppName> = all.iter().flat_map(|wish| wish.apps.iter().cloned()).collect();
        let turn = Turn { places: &places, is_current: is_certain && !is_forced, waiting };
        let refused = turn.fulfil(wanted, &mut state).await;
        for wish in all {
            let answer = match &refused {
                Ok(refused) => {
                    Ok(refused.iter().filter(|(app, _)| wish.apps.contains(app)).map(copy).collect())
                }
                Err(fault) => Err(retold(fault)),
            };
            // Who asked may have gone.
            let _ = wish.done.send(answer);
        }
    }
}

/// Answers a wish for what is at work already: it waits for no reload, and causes none. Any other is given back.
fn fulfilled_already(places: &ProxyPlaces, wish: Wish, is_certain: bool) -> Option<Wish> {
    if !is_certain || wish.is_forced {
        return Some(wish);
    }
    let activation = Activation::read(places, wish.apps.iter().cloned());
    if !activation.is_empty() {
        return Some(wish);
    }
    // Who asked may have gone.
    let _ = wish.done.send(Ok(activation.refused.into_iter().collect()));
    None
}

/// True when a deploy waits for it.
fn is_deploy(places: &ProxyPlaces, wish: &Wish) -> bool {
    let is_in_deploy =
        |app| lock::holder(&places.layout.deploy_queue(app)).is_ok_and(|holder| holder.is_some());
    wish.apps.len() == 1 && wish.apps.iter().any(is_in_deploy)
}

fn copy((app, fault): &(AppName, Fault)) -> (AppName, Fault) {
    (app.clone(), retold(fault))
}

/// The same words for one more who asked; what lay below is in the log.
fn retold(fault: &Fault) -> Fault {
    Fault { message: fault.message.clone(), hints: fault.hints.clone(), cause: None }
}

async fn keep_watch(places: Arc<ProxyPlaces>) {
    loop {
        tokio::time::sleep(KEEP_WATCH).await;
        keep_own_name(&places);
        match rotate(&places.logs) {
            Ok(true) => places.nginx.reopen_logs(),
            Ok(false) => {}
            Err(fault) => warn!("{fault}"),
        }
    }
}
