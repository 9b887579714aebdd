//! What the server does for apps between deploys: it watches fresh releases, lets routes follow containers that
//! come back elsewhere, and lets old containers retire.
//! Each act is a command of its own, as a user could type it; this only knows when.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tracing::{info, warn};

use crate::deploy::networks;
use crate::model::Outcome;
use crate::platform::Platform;
use crate::platform::docker::{Docker, DockerResult, Filter};
use crate::store::{Layout, own_place, processes};

/// How long until the engine is listened to again after it went away.
const AGAIN: Duration = Duration::from_secs(2);

/// How often old containers are looked for. Retirement is a matter of a minute; a look costs one small file.
const RETIRE_EVERY: Duration = Duration::from_secs(5);

/// How often repositories are looked at for packs to merge: long after the push that left the last one, which nobody
/// waits for. A look costs one folder per app.
const CONSOLIDATE_EVERY: Duration = Duration::from_secs(60);

/// How often it is looked whether the appliance is in networks for nothing. A look costs one question to the engine.
const TEND_EVERY: Duration = Duration::from_secs(60);

/// The command that joins and leaves networks.
pub const TEND: &str = "network:tend";

/// The command that publishes ports.
pub const TEND_PORTS: &str = "ports:tend";

/// How often it is looked for certificates to renew. A look costs two small files for each app that has one renewed.
const CERTIFICATES_EVERY: Duration = Duration::from_secs(60);

/// Runs commands of the appliance.
pub trait Commands: Send + Sync + 'static {
    /// Runs the words as a command, to its end.
    fn run(&self, words: Vec<String>) -> impl Future<Output = Outcome> + Send;
}

/// Listens to the engine. A container that ends may belong to a release that is still watched; one that the
/// engine starts again may have another address.
pub async fn follow_containers(platform: Platform, layout: Layout, commands: Arc<impl Commands>) {
    // Seconds of the epoch; what happens while nobody listens is told afterwards.
    let mut since = platform.clock.now().as_second();
    loop {
        if let Err(error) = listen(&platform.docker, &layout, &commands, &mut since).await {
            warn!("the engine's events are not heard: {error}");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn listen(
    docker: &Arc<dyn Docker>,
    layout: &Layout,
    commands: &Arc<impl Commands>,
    since: &mut i64,
) -> DockerResult {
    let filter = Filter::label("com.dokku.container-type=deploy").and("type", "container");
    let mut events = docker.events(&filter.and("event", "die").and("event", "start"), Some(*since)).await?;
    while let Some(event) = events.next().await {
        let event = event?;
        *since = event.time / 1_000_000_000;
        let attributes = &event.actor.attributes;
        let Some(app) = attributes.get("com.dokku.app-name") else { continue };
        let verb = match event.action.as_str() {
            "die" => {
                let code = attributes.get("exitCode").map_or("", String::as_str);
                info!(app, container = attributes.get("name"), code, "a container ended");
                "deploy:give-back"
            }
            "start" if has_moved(docker, layout, app, &event.actor.id).await => {
                info!(app, container = attributes.get("name"), "a container came back with another address");
                "proxy:build-config"
            }
            _ => continue,
        };
        let (commands, words) = (Arc::clone(commands), vec![verb.to_owned(), app.clone()]);
        tokio::spawn(async move {
            if let Err(fault) = commands.run(words).await {
                warn!("{fault}");
            }
        });
    }
    Ok(())
}

/// A container that a deploy has just made is no concern of ours: nothing leads to it before the switch, so
/// the engine is not asked.
async fn has_moved(docker: &Arc<dyn Docker>, layout: &Layout, app: &str, container: &str) -> bool {
    let Ok(app) = app.parse() else { return false };
    let Ok(Some(address)) = processes::ip_of(layout, &app, container) else { return false };
    let found = docker.list_containers(&Filter::all().and("id", container)).await.unwrap_or_default();
    found.iter().any(|one| one.has_moved_from(&address))
}

/// Lets containers retire whose time has come. `due` says whether there are any.
pub async fn retire(due: impl Fn() -> bool + Send, commands: Arc<impl Commands>) {
    loop {
        tokio::time::sleep(RETIRE_EVERY).await;
        if due()
            && let Err(fault) = commands.run(vec!["ps:retire".to_owned()]).await
        {
            warn!("{fault}");
        }
    }
}

/// Lets the appliance leave networks that no app is in any more.
pub async fn tend_networks(docker: Arc<dyn Docker>, layout: Layout, commands: Arc<impl Commands>) {
    loop {
        tokio::time::sleep(TEND_EVERY).await;
        if has_joined(&docker, &layout).await
            && let Err(fault) = commands.run(vec![TEND.to_owned()]).await
        {
            warn!("{fault}");
        }
    }
}

/// Has ports published that apps need: what a command could not have, or somebody removed. `due` says whether there are any.
pub async fn tend_ports(due: impl Fn() -> bool + Send, commands: Arc<impl Commands>) {
    loop {
        tokio::time::sleep(TEND_EVERY).await;
        if due()
            && let Err(fault) = commands.run(vec![TEND_PORTS.to_owned()]).await
        {
            warn!("{fault}");
        }
    }
}

/// Whether the appliance is in a network that it joined by itself.
async fn has_joined(docker: &Arc<dyn Docker>, layout: &Layout) -> bool {
    let Ok(Some(place)) = own_place::read(layout) else { return false };
    let Ok(container) = docker.inspect_container(&place.id).await else { return false };
    container.networks().values().any(networks::is_ours)
}

/// Lets the packs that pushes leave be merged. `due` says whether there are many.
pub async fn consolidate(due: impl Fn() -> bool + Clone + Send + 'static, commands: Arc<impl Commands>) {
    loop {
        tokio::time::sleep(CONSOLIDATE_EVERY).await;
        if tokio::task::spawn_blocking(due.clone()).await.unwrap_or(false)
            && let Err(fault) = commands.run(vec!["git:consolidate".to_owned()]).await
        {
            warn!("{fault}");
        }
    }
}

/// Lets certificates be renewed. `due` says whether it is time for any.
pub async fn renew_certificates(
    due: impl Fn() -> bool + Clone + Send + 'static,
    commands: Arc<impl Commands>,
) {
    loop {
        tokio::time::sleep(CERTIFICATES_EVERY).await;
        if tokio::task::spawn_blocking(due.clone()).await.unwrap_or(false)
            && let Err(fault) = commands.run(vec!["certs:acme-renew".to_owned()]).await
        {
            warn!("{fault}");
        }
    }
}
