//! How a proxy comes to reach the apps that it leads to: it joins their networks, as the appliance does for nginx.

use crate::deploy::companion;
use crate::deploy::networks;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, RunPlan, Scope, docker_args};
use crate::platform::docker::{ContainerSummary, Filter};
use crate::store::properties;
use crate::triggers;

/// Brings the proxy, by the id of its container, together with the web containers of all apps that are its own. What
/// cannot be reached is told of, and the others are reached.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn reach_all(ctx: &Ctx, proxy: &str, id: &str) -> Result {
    for container in web_containers(ctx, Filter::label("com.dokku.container-type=deploy")).await? {
        let app = container.labels.get("com.dokku.app-name").map(String::as_str).unwrap_or_default();
        let Ok(app) = app.parse::<AppName>() else { continue };
        if ctx.fire(triggers::ProxyType { app: app.clone() }).await? == proxy {
            meet(ctx, proxy, id, &app, &container).await;
        }
    }
    Ok(())
}

/// Brings the proxy together with the web containers of an app. Says so if the proxy does not run.
///
/// # Errors
/// When the engine cannot be asked.
pub async fn reach_app(ctx: &Ctx, proxy: &str, start: &str, app: &AppName) -> Result {
    let Some(running) = companion::find(ctx, proxy).await?.filter(|one| one.state == "running") else {
        ctx.out.warn(format!("{proxy} does not run: nothing leads to {app} until `dokku {start}`"));
        return Ok(());
    };
    for container in web_containers(ctx, Filter::label(format!("com.dokku.app-name={app}"))).await? {
        meet(ctx, proxy, &running.id, app, &container).await;
    }
    Ok(())
}

async fn web_containers(ctx: &Ctx, filter: Filter) -> Result<Vec<ContainerSummary>> {
    let filter = filter.and("label", "com.dokku.process-type=web").and("status", "running");
    let mut found = ctx.platform.docker.list_containers(&filter).await?;
    found.retain(|one| one.labels.get("com.dokku.container-type").is_some_and(|kind| kind == "deploy"));
    Ok(found)
}

async fn meet(ctx: &Ctx, proxy: &str, id: &str, app: &AppName, container: &ContainerSummary) {
    let theirs: Vec<String> = container.networks().keys().cloned().collect();
    if let Err(failure) = networks::bring_together(ctx, id, app, (&container.id, &theirs)).await {
        ctx.out.warn(format!("{proxy} does not reach {app}: {failure}"));
    }
}

/// The network that proxy and app will meet in, where it is not the engine's default one: which of its addresses the
/// proxy is to take hangs on it.
///
/// # Errors
/// When it cannot be told what the app joins.
pub async fn meeting_place(ctx: &Ctx, proxy: &str, app: &AppName) -> Result<Option<String>> {
    let options = properties::list(ctx.layout(), "docker-options", &Scope::from(app), "_default_.deploy")?;
    let mut plan = RunPlan::default();
    for option in options.iter().filter(|option| option.starts_with("--net")) {
        docker_args::add_run_options(&mut plan, &docker_args::split_words(option)?, &|_| None)?;
    }
    let initial = triggers::NetworkGetProperty { app: app.clone(), key: "initial-network".to_owned() };
    let initial = ctx.fire(initial).await?.trim().to_owned();
    let by_option = plan.network.first().map(|join| join.name.clone());
    let Some(network) = by_option.or(Some(initial)).filter(|name| networks::is_user_defined(name)) else {
        return Ok(None);
    };
    let running = companion::find(ctx, proxy).await?.filter(|one| one.state == "running");
    let would_move = match running {
        Some(proxy) => networks::would_move(ctx, &proxy.id, &network).await?,
        None => false,
    };
    Ok((!would_move).then_some(network))
}
