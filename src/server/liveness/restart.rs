//! Restarting a container: what is about to happen is written down first, so that neither its reason nor a container that
//! was stopped and not yet started is lost when the server ends in between.

use std::path::PathBuf;

use tracing::{info, warn};

use super::attend::{Failed, stands, tell};
use super::{Place, World};
use crate::deploy;
use crate::model::{AppName, Outcome};
use crate::platform::docker::{Container, OrGone};
use crate::platform::files;
use crate::store::process_ends::{self, End, Kind};
use crate::store::{Layout, apps, properties};

/// Where a file per restart stands that is on its way, named after its container, with the app's name in it.
fn begun(layout: &Layout) -> PathBuf {
    layout.data("appliance").join("restarts")
}

/// Restarts the container that failed, unless somebody wants it otherwise by now.
///
/// # Errors
/// When the engine cannot do it, or it cannot be written down.
pub async fn restart(world: &World, place: &Place, failed: &Failed<'_>) -> Outcome {
    let Place { app, dyno, id } = place;
    let container = world.docker.inspect_container(id).await?;
    if !is_wanted(world, place, &container)? {
        return Ok(());
    }
    let reason = failed.reason();
    info!(app = app.as_str(), process = %dyno, "the container is restarted: {reason}");
    let end = End::new(Kind::Unhealthy, world.clock.now(), dyno.to_string(), id).of(&container);
    process_ends::note(&world.layout, app, &End { reason, ..end })?;
    let file = begun(&world.layout).join(id);
    files::write(&file, app.as_str().as_bytes(), 0o644)?;
    let timeout = properties::computed(&world.layout, "ps", &app.into(), "stop-timeout-seconds", "30")?;
    let restarted = world.docker.restart_container(id, timeout.parse().ok()).await.or_gone();
    files::remove(&file)?;
    tell(world, place, failed).await;
    Ok(restarted?)
}

/// True when the container still serves, and nobody stops it or is about to replace it.
fn is_wanted(world: &World, place: &Place, container: &Container) -> Outcome<bool> {
    let (layout, app) = (&world.layout, &place.app);
    let says = |key: &str, default: &str| properties::computed(layout, "ps", &app.into(), key, default);
    // Who stops containers takes their restart policy away first.
    let is_being_stopped =
        container.host_config.restart_policy.name == "no" && says("restart-policy", "on-failure:10")? != "no";
    Ok(apps::exists(layout, app)
        && stands(world, place)?
        && !deploy::is_switching(layout, app)
        && !is_being_stopped
        && says("restore", "true")? != "false")
}

/// At the start of the server: starts what the one before had stopped and could not start again.
pub async fn finish(world: &World) {
    let folder = begun(&world.layout);
    for id in files::names(&folder).unwrap_or_default() {
        let file = folder.join(&id);
        if let Err(fault) = start(world, &id, files::read_text(&file).ok().flatten()).await {
            warn!("a container that was to be restarted is not started: {fault}");
        }
        if let Err(fault) = files::remove(&file) {
            warn!("{fault}");
        }
    }
}

async fn start(world: &World, id: &str, app: Option<String>) -> Outcome {
    let Some(app) = app.and_then(|name| name.trim().parse::<AppName>().ok()) else { return Ok(()) };
    let is_kept_down =
        properties::get(&world.layout, "ps", &(&app).into(), "restore")?.as_deref() == Some("false");
    if is_kept_down || !apps::exists(&world.layout, &app) {
        return Ok(());
    }
    Ok(world.docker.start_container(id).await.or_gone()?)
}
