//! Who wants what put to work, and the one task that does it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tracing::{info, warn};

use super::activate::Activation;
use super::places::ProxyPlaces;
use super::prepare::{self, at_work};
use crate::model::{AppName, Context, Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::nginx::{Set, contained, rotate};
use crate::platform::proxy::Refused;
use crate::platform::{Platform, files};
use crate::server::control::Control;
use crate::store::{Layout, apps};

/// How often the length of logs is looked at.
const LOOK_AT_LOGS: Duration = Duration::from_secs(60);

/// The proxy as the server has it. Cheap to clone.
#[derive(Clone)]
pub struct Proxy {
    places: Arc<ProxyPlaces>,
    wishes: mpsc::UnboundedSender<Wish>,
}

/// Somebody wants the configurations of these apps put to work.
struct Wish {
    apps: Vec<AppName>,
    done: oneshot::Sender<Vec<(AppName, Fault)>>,
}

impl Proxy {
    /// Begins to take wishes.
    pub fn begin(env: &Env, layout: &Layout, platform: &Platform) -> Self {
        let places = Arc::new(ProxyPlaces::from_env(env, layout));
        let (wishes, received) = mpsc::unbounded_channel();
        // The number only has to differ from that of a serve before this one.
        let first = u64::try_from(platform.clock.now().as_millisecond()).unwrap_or(1);
        tokio::spawn(work(Arc::clone(&places), received, first));
        tokio::spawn(watch_logs(Arc::clone(&places)));
        Proxy { places, wishes }
    }

    /// Makes what must be there before nginx starts.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn prepare(&self) -> Outcome {
        prepare::prepare(&self.places).await
    }

    /// The verbs that commands ask for.
    pub fn verbs(&self, control: Control) -> Control {
        let (apply, note, reload, test) = (self.clone(), self.clone(), self.clone(), self.clone());
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
                let proxy = test.clone();
                async move { proxy.test(about).await }
            })
    }

    /// Puts what the app's folder says to work.
    ///
    /// # Errors
    /// When nginx refuses it; it then goes on as before.
    pub async fn apply(&self, app: AppName) -> Outcome<Value> {
        match self.wish(vec![app]).await?.pop() {
            Some((_, fault)) => Err(fault),
            None => Ok(Value::Null),
        }
    }

    /// Has every app's configuration at work that its folder holds.
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub async fn reload(&self) -> Outcome<Value> {
        let mut all: BTreeSet<AppName> = at_work(&self.places)?.into_iter().collect();
        all.extend(apps::all(&self.places.layout)?);
        let refused = self.wish(all.into_iter().collect()).await?;
        let refused =
            refused.into_iter().map(|(app, fault)| Refused { app: app.to_string(), why: fault.message });
        Ok(json!(refused.collect::<Vec<_>>()))
    }

    /// Has at work what folders said while nobody was here.
    pub async fn catch_up(self) {
        match self.reload().await {
            Ok(refused) if refused.as_array().is_some_and(Vec::is_empty) => {}
            Ok(refused) => warn!("some configurations are refused: {refused}"),
            Err(fault) => warn!("{fault}"),
        }
    }

    async fn test(&self, about: Value) -> Outcome<Value> {
        let names: Vec<String> = serde_json::from_value(about).context(|| "names of apps are wanted")?;
        let prefix = self.places.nginx.configuration.parent().unwrap_or(std::path::Path::new("/"));
        let mut refused = Vec::new();
        for name in names {
            let app: AppName = name.parse()?;
            let Some(text) = files::read_text(&self.places.layout.nginx_conf(&app))? else { continue };
            let why = match contained(&text, &self.places.active_files(&app), prefix) {
                Err(fault) => Some(fault.message),
                // As it stands, certificates in its own folder: nothing of it is put to work.
                Ok(_) => {
                    let files = vec![self.places.layout.nginx_conf(&app)];
                    self.places.nginx.test(&Set { files }).await?.map(|words| words.text)
                }
            };
            refused.extend(why.map(|why| Refused { app: name, why }));
        }
        Ok(json!(refused))
    }

    async fn wish(&self, apps: Vec<AppName>) -> Outcome<Vec<(AppName, Fault)>> {
        let (done, answer) = oneshot::channel();
        let gone = || Fault::new("dokku serve no longer puts routes to work").hint("see its log");
        self.wishes.send(Wish { apps, done }).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }
}

fn parse(about: Value) -> Outcome<AppName> {
    about.as_str().unwrap_or_default().parse()
}

/// Takes all wishes that are there as one, again and again.
async fn work(places: Arc<ProxyPlaces>, mut wishes: mpsc::UnboundedReceiver<Wish>, first: u64) {
    let mut generation = first;
    // What nginx runs is not known until it has said so once.
    let mut is_certain = false;
    while let Some(wish) = wishes.recv().await {
        let mut all = vec![wish];
        while let Ok(wish) = wishes.try_recv() {
            all.push(wish);
        }
        generation += 1;
        let wanted: BTreeSet<AppName> = all.iter().flat_map(|wish| wish.apps.iter().cloned()).collect();
        let refused = fulfil(&places, wanted, generation, is_certain).await;
        is_certain = refused.is_ok();
        for wish in all {
            let answer = match &refused {
                Ok(refused) => refused.iter().filter(|(app, _)| wish.apps.contains(app)).map(copy).collect(),
                Err(fault) => wish.apps.iter().map(|app| copy(&(app.clone(), retold(fault)))).collect(),
            };
            // Who asked may have gone.
            let _ = wish.done.send(answer);
        }
    }
}

/// Puts what these apps' folders say to work, as far as nginx takes it.
async fn fulfil(
    places: &ProxyPlaces,
    apps: BTreeSet<AppName>,
    generation: u64,
    is_certain: bool,
) -> Outcome<Vec<(AppName, Fault)>> {
    let mut activation = Activation::read(places, apps);
    if !activation.is_empty() {
        activation.test().await?;
    }
    if activation.is_empty() && is_certain {
        return Ok(activation.refused.into_iter().collect());
    }
    activation.put_in_place()?;
    if files::exists(&places.layout.nginx_stopped()) {
        // Somebody stopped nginx on purpose; it will start with this.
        places.nginx.write_generation(generation)?;
    } else if let Err(fault) = places.nginx.reload(generation).await {
        activation.put_back()?;
        return Err(fault);
    }
    activation.clean_up()?;
    info!(generation, apps = ?activation.apps().iter().map(AppName::as_str).collect::<Vec<_>>(), "routes are at work");
    Ok(activation.refused.into_iter().collect())
}

fn copy((app, fault): &(AppName, Fault)) -> (AppName, Fault) {
    (app.clone(), retold(fault))
}

/// The same words for one more who asked; what lay below is in the log.
fn retold(fault: &Fault) -> Fault {
    Fault { message: fault.message.clone(), hints: fault.hints.clone(), cause: None }
}

async fn watch_logs(places: Arc<ProxyPlaces>) {
    loop {
        tokio::time::sleep(LOOK_AT_LOGS).await;
        match rotate(&places.logs) {
            Ok(true) => places.nginx.reopen_logs(),
            Ok(false) => {}
            Err(fault) => warn!("{fault}"),
        }
    }
}
