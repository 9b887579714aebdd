//! What the server does for apps between deploys: it watches fresh releases, and lets old containers retire.
//! Each act is a command of its own, as a user could type it; this only knows when.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tracing::{info, warn};

use crate::model::Outcome;
use crate::platform::docker::{Docker, DockerResult, Filter};

/// How long until the engine is listened to again after it went away.
const AGAIN: Duration = Duration::from_secs(2);

/// How often old containers are looked for. Retirement is a matter of a minute; a look costs one small file.
const RETIRE_EVERY: Duration = Duration::from_secs(5);

/// Runs commands of the appliance.
pub trait Commands: Send + Sync + 'static {
    /// Runs the words as a command, to its end.
    fn run(&self, words: Vec<String>) -> impl Future<Output = Outcome> + Send;
}

/// Listens to the engine: an app's container that ends may belong to a release that is still watched.
pub async fn watch_releases(docker: Arc<dyn Docker>, commands: Arc<impl Commands>) {
    loop {
        if let Err(error) = listen(&docker, &commands).await {
            warn!("the engine's events are not heard: {error}");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn listen(docker: &Arc<dyn Docker>, commands: &Arc<impl Commands>) -> DockerResult {
    let filter =
        Filter::label("com.dokku.container-type=deploy").and("type", "container").and("event", "die");
    let mut events = docker.events(&filter, None).await?;
    while let Some(event) = events.next().await {
        let attributes = event?.actor.attributes;
        let Some(app) = attributes.get("com.dokku.app-name").cloned() else { continue };
        let code = attributes.get("exitCode").cloned().unwrap_or_default();
        info!(app, container = attributes.get("name"), code, "a container ended");
        let commands = Arc::clone(commands);
        tokio::spawn(async move {
            if let Err(fault) = commands.run(vec!["deploy:give-back".to_owned(), app]).await {
                warn!("{fault}");
            }
        });
    }
    Ok(())
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
