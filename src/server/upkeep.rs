//! What the server does for apps between deploys, by the clock: it lets old containers retire, leaves networks, renews
//! certificates, merges packs.
//! Each act is a command of its own, as a user could type it; this only knows when.

use std::sync::Arc;
use std::time::Duration;

use tracing::{info, warn};

use crate::deploy::{networks, one_offs};
use crate::model::Outcome;
use crate::platform::clock::Clock;
use crate::platform::docker::Docker;
use crate::platform::{files, queue};
use crate::store::{Layout, leftovers, own_place};

/// How often old containers are looked for. Retirement is a matter of a minute; a look costs one small file.
const RETIRE_EVERY: Duration = Duration::from_secs(5);

/// How often repositories are looked at for packs to merge: long after the push that left the last one, which nobody
/// waits for. A look costs one folder per app.
const CONSOLIDATE_EVERY: Duration = Duration::from_secs(60);

/// How often it is looked whether the appliance is in networks for nothing. A look costs one question to the engine.
const TEND_EVERY: Duration = Duration::from_secs(60);

/// How often it is looked for one-off containers that are past their time, as Dokku's timer does. A look costs one
/// question to the engine.
const RUNS_EVERY: Duration = Duration::from_secs(300);

/// The command that joins and leaves networks.
pub const TEND: &str = "network:tend";

/// The command that publishes ports.
pub const TEND_PORTS: &str = "ports:tend";

/// How often it is looked for certificates to renew. A look costs two small files for each app that has one renewed.
const CERTIFICATES_EVERY: Duration = Duration::from_secs(60);

/// How often it is looked whether deploys have left something to clean up. A look costs one small file.
const CLEAN_EVERY: Duration = Duration::from_secs(60);

/// How long after a deploy is cleaned up, in seconds: what it replaced has retired by then.
const CLEAN_AFTER: i64 = 120;

/// How long after the start it is looked for what killed writes have left, and how often from then on. A look costs
/// the names in the folders of properties and apps.
const SWEEP_AFTER: Duration = Duration::from_secs(600);
const SWEEP_EVERY: Duration = Duration::from_secs(86_400);

/// Runs commands of the appliance.
pub trait Commands: Send + Sync + 'static {
    /// Runs the words as a command, to its end.
    fn run(&self, words: Vec<String>) -> impl Future<Output = Outcome> + Send;
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

/// Ends one-off containers that are past their time, whoever has left them behind.
pub async fn retire_runs(docker: Arc<dyn Docker>, clock: Arc<dyn Clock>, commands: Arc<impl Commands>) {
    loop {
        tokio::time::sleep(RUNS_EVERY).await;
        let listed = docker.list_containers(&one_offs::filter()).await.unwrap_or_default();
        let now = clock.now().as_second();
        if listed.iter().any(|one| one_offs::is_past(one, now))
            && let Err(fault) = commands.run(vec!["run:retire".to_owned()]).await
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

/// Lets be cleaned up what deploys have left. `due` says whether there is anything.
pub async fn clean_up(due: impl Fn() -> bool + Send, commands: Arc<impl Commands>) {
    loop {
        tokio::time::sleep(CLEAN_EVERY).await;
        if due()
            && let Err(fault) = commands.run(["cleanup", "--unasked"].map(str::to_owned).to_vec()).await
        {
            warn!("{fault}");
        }
    }
}

/// True when a deploy ended a while ago, and no build runs that would have to wait for the engine.
pub fn is_cleanup_due(layout: &Layout, now: i64) -> bool {
    let is_old = files::modified_at(&layout.cleanup_wanted()).is_some_and(|time| now - time >= CLEAN_AFTER);
    is_old && queue::all(&layout.build_line()).is_ok_and(|building| building.is_empty())
}

/// Removes what writes that were killed have left on the volume.
pub async fn sweep_leftovers(layout: Layout, clock: Arc<dyn Clock>) {
    tokio::time::sleep(SWEEP_AFTER).await;
    loop {
        let (layout, now) = (layout.clone(), clock.now().as_second());
        match tokio::task::spawn_blocking(move || leftovers::sweep(&layout, now)).await {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(count)) => info!("temporary files of writes that were cut off are removed: {count}"),
            Ok(Err(fault)) => warn!("temporary files of writes that were cut off stay: {fault}"),
        }
        tokio::time::sleep(SWEEP_EVERY).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_cleaned_up_a_while_after_a_deploy_and_never_beside_a_build() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        assert!(!is_cleanup_due(&layout, i64::MAX), "nothing was deployed");
        files::append(&layout.cleanup_wanted(), "shop\n", 0o644).unwrap();
        let ended = files::modified_at(&layout.cleanup_wanted()).unwrap();
        assert!(!is_cleanup_due(&layout, ended + CLEAN_AFTER - 1));
        let building = queue::Place::join(&layout.build_line(), "id shop").unwrap();
        assert!(!is_cleanup_due(&layout, ended + CLEAN_AFTER));
        drop(building);
        assert!(is_cleanup_due(&layout, ended + CLEAN_AFTER));
    }
}
