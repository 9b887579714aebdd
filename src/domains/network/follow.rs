use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use jiff::SignedDuration;

use super::{address, listeners};
use crate::deploy::{self, Turn, networks};
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::{AppName, Dyno};
use crate::platform::docker::{Container, DockerError};
use crate::platform::lock::Lock;
use crate::platform::{files, probe};
use crate::store::processes::{self, Running};
use crate::store::{addresses, apps};
use crate::triggers;

/// How many apps are looked at side by side.
const AT_ONCE: usize = 16;

/// How many routes are made side by side: they wait for one and the same reload.
const ROUTES_AT_ONCE: usize = 256;

/// How long a container that came back may take to accept a connection: it is one hop away.
const ACCEPTS_WITHIN: Duration = Duration::from_millis(250);

/// What has run for so long and does not accept on its port does something else with it: its address is its own all the same.
const PATIENCE: SignedDuration = SignedDuration::from_secs(15);

/// Let routes lead to where the containers of apps are now
///
/// What the server runs when containers ended or came back. An address is written down only after something accepted
/// connections there; one that is its container's no longer is taken away. Apps whose routes a deploy is turning
/// right now are left alone.
#[derive(clap::Args)]
pub struct Follow {
    /// Names of apps
    apps: Vec<AppName>,
}

impl Command for Follow {
    const NAME: &'static str = "network:follow";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        let looks = self.apps.into_iter().map(|app| async move {
            let outcome = look(ctx, &app).await;
            (app, outcome)
        });
        let mut looked = stream::iter(looks).buffer_unordered(AT_ONCE);
        let mut concerned = Vec::new();
        let mut must_reach = false;
        while let Some((app, outcome)) = looked.next().await {
            match outcome {
                Ok(Found::Nothing) => {}
                Ok(Found::Followed { ids, is_unreached }) => {
                    must_reach |= is_unreached;
                    concerned.push((app, ids));
                }
                Err(failure) => ctx.out.warn(format!("Routes do not follow {app}: {failure}")),
            }
        }
        drop(looked);
        if must_reach {
            networks::tend(ctx).await?;
        }
        let routes = concerned.into_iter().map(|(app, ids)| route(ctx, app, ids));
        stream::iter(routes).buffer_unordered(ROUTES_AT_ONCE).for_each(|()| std::future::ready(())).await;
        Ok(())
    }
}

/// What a look at an app led to.
enum Found {
    /// Its routes are none of ours now.
    Nothing,
    /// What is on record is true.
    Followed {
        /// Its containers.
        ids: Vec<String>,
        /// One is where the appliance is not.
        is_unreached: bool,
    },
}

/// Brings the addresses on record up to date.
async fn look(ctx: &Ctx, app: &AppName) -> Result<Found> {
    let layout = ctx.layout();
    let is_left_alone = || Ok::<_, Failure>(!apps::exists(layout, app) || Turn::is_the_last(ctx, app)?);
    if is_left_alone()? || !listeners::fixed(ctx, app)?.is_empty() {
        return Ok(Found::Nothing);
    }
    // A deploy that comes meanwhile waits for these few milliseconds; one that builds touches no address yet.
    let mut turn = Lock::try_take(&layout.deploy_queue(app))?;
    if let Some(turn) = &mut turn {
        turn.say(Follow::NAME)?;
    }
    if (turn.is_none() && deploy::is_switching(layout, app)) || is_left_alone()? {
        return Ok(Found::Nothing);
    }
    let containers = processes::running(layout, app)?;
    let mut is_unreached = false;
    for one in &containers {
        if !files::exists(&layout.container_ip(app, &one.dyno.process_type, one.dyno.index)) {
            continue;
        }
        is_unreached |= follow(ctx, app, one).await?;
    }
    Ok(Found::Followed { ids: containers.into_iter().map(|one| one.id).collect(), is_unreached })
}

/// Brings one address up to date. True when the appliance is not where the container is.
async fn follow(ctx: &Ctx, app: &AppName, one: &Running) -> Result<bool> {
    let recorded = processes::ip(ctx.layout(), app, &one.dyno)?.unwrap_or_default();
    let container = match ctx.platform.docker.inspect_container(&one.id).await {
        Ok(found) => found,
        Err(DockerError::NotFound(_)) => return write(ctx, app, &one.dyno, &recorded, "").map(|()| false),
        Err(error) => return Err(error.into()),
    };
    // On the host's own network it is reached at the host, which does not move.
    if container.host_config.network_mode == "host" {
        return Ok(false);
    }
    let mut addresses = Vec::new();
    if container.state.running && !container.state.restarting {
        let all = container.networks().values().map(|endpoint| endpoint.ip.clone());
        addresses = all.filter(|address| !address.is_empty()).collect();
    }
    if addresses.contains(&recorded) || (addresses.is_empty() && recorded.is_empty()) {
        return Ok(false);
    }
    let is_down = addresses.is_empty();
    let now = proven(ctx, app, &one.dyno, &container, addresses).await?;
    write(ctx, app, &one.dyno, &recorded, now.as_deref().unwrap_or_default())?;
    Ok(!is_down && networks::shared(ctx, &container).await?.is_empty())
}

/// Where the container is known to be reached, if somebody is there.
async fn proven(
    ctx: &Ctx,
    app: &AppName,
    dyno: &Dyno,
    container: &Container,
    mut addresses: Vec<String>,
) -> Result<Option<String>> {
    if addresses.is_empty() {
        return Ok(None);
    }
    let best = address::of_found(ctx, app, container).await?;
    let begun = container.state.started_at;
    let is_old = begun.is_some_and(|begun| ctx.platform.clock.now().duration_since(begun) >= PATIENCE);
    if !dyno.process_type.is_web() {
        return Ok(Some(best));
    }
    let port = processes::port(ctx.layout(), app, dyno)?;
    addresses.sort_by_key(|address| *address != best);
    for address in addresses {
        if probe::accepts(&address, port, ACCEPTS_WITHIN).await {
            return Ok(Some(address));
        }
    }
    Ok(is_old.then_some(best))
}

fn write(ctx: &Ctx, app: &AppName, dyno: &Dyno, before: &str, now: &str) -> Result {
    if before == now {
        return Ok(());
    }
    let told = |address: &str| if address.is_empty() { "nowhere".to_owned() } else { address.to_owned() };
    ctx.out.step(format!("Routes of {app} follow {dyno} from {} to {}", told(before), told(now)));
    Ok(addresses::write_address(ctx.layout(), app, &dyno.process_type, dyno.index, now)?)
}

/// Has the routes say what is on record; where they do already, nothing is reloaded. One that is destroyed meanwhile needs none.
async fn route(ctx: &Ctx, app: AppName, ids: Vec<String>) {
    if !apps::exists(ctx.layout(), &app) || Turn::is_the_last(ctx, &app).unwrap_or_default() {
        return;
    }
    // What was looked at just now is not to be looked at again: an address that is not proven would be taken.
    let ctx = ctx.silenced().with_env(deploy::JUST_MADE, ids.join(" "));
    if let Err(failure) = ctx.fire(triggers::ProxyBuildConfig { app: app.clone() }).await {
        // As silence was kept.
        failure.print(&ctx.out);
    }
}
