//! What is known of an app's containers without looking closer.

use std::collections::BTreeMap;

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::docker::{ContainerSummary, Filter};
use crate::store::Layout;
use crate::store::processes::{self, Running};
use crate::triggers::{self, is_deployed, scheduler_of};

/// The tag of the image that an app runs.
pub const IMAGE_TAG: &str = "latest";

/// True when the app is deployed; else it is told that it is not.
///
/// # Errors
/// When the scheduler cannot be asked.
pub async fn is_deployed_or_warn(ctx: &Ctx, app: &AppName) -> Result<bool> {
    let is_there = is_deployed(ctx, app).await?;
    if !is_there {
        ctx.out.warn(format!("App {app} has not been deployed"));
    }
    Ok(is_there)
}

/// What the scheduler says of the app: how many containers, and `true`, `false` or `mixed`.
///
/// # Errors
/// When the scheduler cannot be asked.
pub async fn of(ctx: &Ctx, app: &AppName) -> Result<(String, String)> {
    let scheduler = scheduler_of(ctx, app).await?;
    let told = ctx.fire(triggers::SchedulerAppStatus { scheduler, app: app.clone() }).await?;
    let (count, state) = told.trim().split_once(' ').unwrap_or(("-1", "false"));
    Ok((count.to_owned(), state.to_owned()))
}

/// Containers as the engine lists them: one call, however many apps.
#[derive(Debug, Default)]
pub struct States(BTreeMap<String, ContainerSummary>);

impl States {
    /// Of the containers of one app, or of all.
    ///
    /// # Errors
    /// When the engine cannot be asked.
    pub async fn of(ctx: &Ctx, app: Option<&AppName>) -> Result<Self> {
        let label = match app {
            Some(app) => format!("com.dokku.app-name={app}"),
            None => "com.dokku.app-name".to_owned(),
        };
        let listed = ctx.platform.docker.list_containers(&Filter::label(label)).await?;
        Ok(States(listed.into_iter().map(|container| (container.id.clone(), container)).collect()))
    }

    /// The state of one container; `missing` when the engine does not know it.
    pub fn state(&self, id: &str) -> &str {
        self.0.get(id).map_or("missing", |container| &container.state)
    }

    /// True when one of these containers no longer has the address that routes lead to, as happens when the
    /// engine was restarted.
    ///
    /// # Errors
    /// When a remembered address cannot be read.
    pub fn have_moved(&self, layout: &Layout, app: &AppName, containers: &[Running]) -> Result<bool> {
        for one in containers {
            if let (Some(now), Some(known)) = (self.0.get(&one.id), processes::ip(layout, app, &one.dyno)?)
                && now.has_moved_from(&known)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether these containers run: `true`, `false` or `mixed`.
    pub fn summary(&self, containers: &[Running]) -> &'static str {
        let is_up = |one: &&Running| matches!(self.state(&one.id), "running" | "paused" | "restarting");
        match containers.iter().filter(is_up).count() {
            0 => "false",
            up if up == containers.len() => "true",
            _ => "mixed",
        }
    }
}
