//! The moment the new release takes over.

use std::time::Duration;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Dyno, ProcessType};
use crate::platform::docker::{DockerError, Filter, OrGone};
use crate::platform::waits::{self, Wait};
use crate::store::{processes, properties};
use crate::triggers;

use super::checks;
use super::intent::Intent;
use super::names;
use super::readiness::{self, Mode};

/// A container that passed its checks.
#[derive(Clone, Debug)]
pub struct Live {
    /// Its place.
    pub dyno: Dyno,
    /// Its id, in full.
    pub id: String,
    /// Its address.
    pub address: String,
    /// The port it listens on; web only.
    pub port: Option<u16>,
}

/// In the environment of what follows the switch: the ids of the containers whose addresses were written just now.
pub const JUST_MADE: &str = "DOKKU_DEPLOYED_CONTAINERS";

/// What turns to the new release.
pub struct Turned<'a> {
    /// The one process type that was asked for; without, all of the app.
    pub only: Option<&'a ProcessType>,
    /// The process types that were deployed, web first.
    pub process_types: &'a [ProcessType],
    /// Their containers.
    pub live: &'a [Live],
}

/// Turns state files and routes to the new containers, all process types in one step.
///
/// # Errors
/// When the proxy refuses the new routes.
pub async fn switch(ctx: &Ctx, app: &AppName, turned: &Turned<'_>) -> Result {
    let layout = ctx.layout();
    for one in turned.live {
        let (process_type, index) = (one.dyno.process_type.clone(), one.dyno.index);
        processes::set_container(layout, app, &one.dyno, &one.id)?;
        ctx.fire(triggers::NetworkWriteIpaddr {
            app: app.clone(),
            process_type: process_type.clone(),
            index,
            address: one.address.clone(),
        })
        .await?;
        if let Some(port) = one.port {
            let (app, port) = (app.clone(), port.to_string());
            ctx.fire(triggers::NetworkWritePort { app, process_type, index, port }).await?;
        }
    }
    for running in processes::running(layout, app)? {
        let dyno = &running.dyno;
        let is_concerned = turned.only.is_none_or(|only| *only == dyno.process_type);
        let is_live = turned.live.iter().any(|one| one.id == running.id);
        if is_concerned && !is_live {
            processes::forget(layout, app, dyno)?;
            let wait = readiness::wait_to_retire(ctx, app).await?;
            ctx.out.detail(format!("Scheduling orphaned container shutdown in {wait} seconds ({dyno})"));
        }
    }
    for process_type in turned.process_types {
        let (app, process_type) = (app.clone(), process_type.clone());
        ctx.fire(triggers::SchedulerPostDeployProcess { app, process_type }).await?;
    }
    Ok(())
}

/// What follows the switch: what core domains do about it, and final names.
///
/// # Errors
/// When a listener fails.
pub async fn promote(ctx: &Ctx, app: &AppName, live: &[Live], intent: &Intent) -> Result {
    ctx.out.step("Running post-deploy");
    let (port, ip) = first_web(live);
    ctx.fire(triggers::CorePostDeploy { app: app.clone(), port, ip, image_tag: "latest".to_owned() }).await?;
    rename(ctx, app, live, intent).await
}

/// Tells plugins, and runs the postdeploy task.
///
/// # Errors
/// When a listener fails.
pub async fn after(ctx: &Ctx, app: &AppName, live: &[Live]) -> Result {
    let (port, ip) = first_web(live);
    ctx.fire(triggers::PostDeploy { app: app.clone(), port, ip, image_tag: "latest".to_owned() }).await
}

/// Port and address of the first web container.
fn first_web(live: &[Live]) -> (String, String) {
    let web = live.iter().find(|one| one.dyno.process_type.is_web() && one.dyno.index == 1);
    let port = web.and_then(|one| one.port).map(|port| port.to_string()).unwrap_or_default();
    (port, web.map(|one| one.address.clone()).unwrap_or_default())
}

async fn rename(ctx: &Ctx, app: &AppName, live: &[Live], intent: &Intent) -> Result {
    ctx.out.step("Renaming containers");
    let docker = &ctx.platform.docker;
    let epoch = ctx.platform.clock.now().as_second();
    for one in live {
        let name = names::current(app, &one.dyno);
        if let Some((id, _)) = intent.serving.iter().find(|(id, serving)| *serving == name && *id != one.id) {
            let old = names::replaced(&name, epoch);
            ctx.out.detail(format!("Found previous container(s) ({}) named {name}", names::short(id, 12)));
            ctx.out.detail(format!("Renaming container ({}) {name} to {old}", names::short(id, 12)));
            let mut renamed = docker.rename_container(id, &old).await;
            if renamed.as_ref().is_err_and(DockerError::is_conflict) {
                // Two switches within one second.
                renamed = docker.rename_container(id, &format!("{old}-{}", names::short(id, 12))).await;
            }
            // One that somebody removed needs no other name.
            if let Err(error) = renamed.or_gone() {
                ctx.out.warn(format!("cannot rename {name}: {}", error.fault()));
            }
        }
        let short = names::short(&one.id, 12);
        ctx.out.detail(format!("Renaming container {name}.upcoming ({short}) to {name}"));
        let mut renamed = docker.rename_container(&one.id, &name).await;
        if renamed.as_ref().is_err_and(DockerError::is_conflict) {
            // One that was scaled away, and waits to retire.
            let aside = names::replaced(&name, epoch);
            ctx.out.detail(format!("Renaming container {name}, which retires, to {aside}"));
            let _ = docker.rename_container(&name, &aside).await;
            renamed = docker.rename_container(&one.id, &name).await;
        }
        if let Err(error) = renamed {
            ctx.out.warn(format!("cannot rename to {name}: {}", error.fault()));
        }
    }
    Ok(())
}

/// Stays for the first seconds of the new release: what dies now is taken back while the client still listens.
///
/// # Errors
/// When a new container died; its last words are in the message.
pub async fn watch(ctx: &Ctx, app: &AppName, live: &[Live]) -> Result {
    let seconds = properties::computed(ctx.layout(), "checks", &app.into(), "watch", "3")?;
    let seconds: u64 = seconds.parse().unwrap_or(3);
    let mut watched = Vec::new();
    for one in live {
        // Who wants nothing checked does not want to wait for this either. The server still looks after them.
        if readiness::mode(ctx, app, &one.dyno.process_type)? == Mode::Enabled {
            watched.push(one);
        }
    }
    if watched.is_empty() || seconds == 0 {
        return Ok(());
    }
    let docker = &ctx.platform.docker;
    let build_id = ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default();
    let filter = Filter::label(format!("{}={build_id}", super::intent::LABEL));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(seconds);
    loop {
        let containers = docker.list_containers(&filter).await?;
        for one in &watched {
            let state =
                containers.iter().find(|container| container.id == one.id).map(|found| found.state.as_str());
            if state != Some("running") {
                let dyno = &one.dyno;
                checks::print_output(ctx, app, &one.id, &dyno.to_string()).await?;
                return Err(Failure::user(format!(
                    "{dyno} of {app} died within {seconds} seconds of the switch"
                ))
                .hint("The previous release serves again"));
            }
        }
        let now = tokio::time::Instant::now();
        if now >= deadline {
            return Ok(());
        }
        let pause = tokio::time::sleep((deadline - now).min(Duration::from_millis(250)));
        waits::during(Wait::Check, pause).await;
    }
}
