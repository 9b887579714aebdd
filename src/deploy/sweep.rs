//! What piles up on an engine over the years, beyond what one deploy leaves: images, containers and volumes of apps,
//! and what builds keep for the next ones.

use std::collections::BTreeSet;

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope, size};
use crate::platform::docker::{
    DockerError, DockerResult, Filter, Owner, Prune, RemoveContainer, RemoveImage,
};
use crate::platform::{host, lock};
use crate::store::{apps, processes, properties, releases};
use crate::triggers;

use super::{intent, names};

/// What of the build cache goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildCache {
    /// What no build has used for a day.
    Old,
    /// All that no build uses now: the next build of each app takes as long as its first.
    All,
}

/// How old what builds keep gets, in the engine's words.
const OLD: &str = "24h";

/// Kinds of containers that have an owner who waits for them, or a time of their own.
const ONE_OFF: [&str; 2] = ["run", "cron"];

/// Removes what no app needs, of all apps, and says what that freed. Nothing is touched of an app that is deployed at
/// this moment, nor a container of a release, nor an image with a name, nor a volume but for caches of apps that are gone.
///
/// # Errors
/// When the files of an app cannot be read. What the engine refuses is warned about.
pub async fn sweep(ctx: &Ctx, cache: BuildCache) -> Result {
    let before = host::free_of_engine();
    // Containers first: they hold images. What retires is the scheduler's.
    let scheduler = ctx.fire(triggers::SchedulerDetect { app: "--global".to_owned() }).await?;
    ctx.silenced().fire(triggers::SchedulerRetire { scheduler, app: None }).await?;
    let known = Known::of(ctx)?;
    let mut swept = Swept::default();
    if let Err(error) = remove(ctx, &known, cache, &mut swept).await {
        ctx.out.warn(format!("Could not clean up all: {error}"));
    }
    let freed = before.zip(host::free_of_engine()).map_or(0, |(before, after)| after.saturating_sub(before));
    ctx.out.detail(swept.told(freed.max(swept.cache_bytes)));
    Ok(())
}

/// True when `builder:set --global skip-cleanup` or the environment forbids cleaning up unasked.
///
/// # Errors
/// When the property cannot be read.
pub fn is_sweeping_unwanted(ctx: &Ctx) -> Result<bool> {
    let set = properties::computed(ctx.layout(), "builder", &Scope::Global, "skip-cleanup", "false")?;
    Ok(set == "true" || ctx.env.get("DOKKU_SKIP_CLEANUP") == Some("true"))
}

/// What must stay.
struct Known {
    apps: BTreeSet<AppName>,
    in_deploy: BTreeSet<AppName>,
    serving: BTreeSet<String>,
}

impl Known {
    fn of(ctx: &Ctx) -> Result<Self> {
        let layout = ctx.layout();
        let apps: BTreeSet<AppName> = apps::all(layout)?.into_iter().collect();
        // What a killed deploy has left is undone with what it has left.
        let in_deploy = intent::open(ctx.layout())?.into_iter().collect();
        let mut known = Known { apps, in_deploy, serving: BTreeSet::new() };
        for app in &known.apps {
            if lock::holder(&layout.deploy_queue(app))?.is_some() {
                known.in_deploy.insert(app.clone());
            }
            known.serving.extend(processes::running(layout, app)?.into_iter().map(|one| one.id));
        }
        Ok(known)
    }

    /// Of an app that is deployed now, or of something that is no app's.
    fn is_busy(&self, app: Option<&AppName>) -> bool {
        app.is_none_or(|app| self.in_deploy.contains(app))
    }

    fn is_gone(&self, app: &AppName) -> bool {
        !self.apps.contains(app)
    }
}

#[derive(Default)]
struct Swept {
    containers: usize,
    images: usize,
    volumes: usize,
    cached: usize,
    cache_bytes: u64,
}

impl Swept {
    /// In a line: what went, and how much room that made.
    fn told(&self, freed: u64) -> String {
        let parts = [
            (self.containers, "stopped container", "stopped containers"),
            (self.images, "unused image", "unused images"),
            (self.volumes, "cache of an app that is gone", "caches of apps that are gone"),
            (self.cached, "entry of the build cache", "entries of the build cache"),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        if parts.is_empty() {
            return "Nothing to clean up".to_owned();
        }
        format!("Freed {}: {}", size::people(freed), parts.join(", "))
    }
}

async fn remove(ctx: &Ctx, known: &Known, cache: BuildCache, swept: &mut Swept) -> DockerResult {
    let docker = &ctx.platform.docker;
    let dokkus = Filter::label("dokku");
    let ended = dokkus.clone().and("status", "exited").and("status", "dead");
    for container in docker.list_containers(&ended).await? {
        let kind = container.labels.get("com.dokku.container-type").map(String::as_str).unwrap_or_default();
        let is_kept = known.serving.contains(&container.id)
            || ONE_OFF.contains(&kind)
            || known.is_busy(app_of(&container.labels).as_ref());
        if !is_kept {
            // With what it wrote to volumes that have no name.
            let how = RemoveContainer { volumes: true, force: false };
            swept.containers += usize::from(is_done(docker.remove_container(&container.id, how).await)?);
        }
    }
    for image in docker.list_images(&dokkus).await? {
        let Some(app) = app_of(&image.labels).filter(|app| !known.is_busy(Some(app))) else { continue };
        // An image with a name is of a release, of a server without this owner's mark, or of an app that is gone.
        // One of a release goes along with an app that gets another name, and bears the old one.
        let is_kept = image.repo_tags.iter().any(|name| releases::keeps(ctx.layout(), name));
        let is_orphan = known.is_gone(&app) && is_surely_ours(ctx, &image.labels) && !is_kept;
        if image.repo_tags.is_empty() || is_orphan {
            let names = if image.repo_tags.is_empty() { vec![image.id] } else { image.repo_tags };
            for name in names {
                let gone = docker.remove_image(&name, RemoveImage::default()).await;
                swept.images += usize::from(is_done(gone.map(drop))?);
            }
        }
    }
    for volume in docker.list_volumes(&dokkus.and("label", "com.dokku.builder-type")).await? {
        let app = app_of(&volume.labels).filter(|app| known.is_gone(app));
        let is_cache = app.is_some_and(|app| volume.name == names::cache_volume(&app));
        if is_cache && is_surely_ours(ctx, &volume.labels) {
            swept.volumes += usize::from(is_done(docker.remove_volume(&volume.name).await)?);
        }
    }
    let pruned = match cache {
        BuildCache::Old => docker.prune(Prune::BuildCache, &Filter::all().and("until", OLD)).await,
        BuildCache::All => docker.prune(Prune::AllBuildCache, &Filter::all()).await,
    };
    match pruned {
        Ok(pruned) => {
            swept.cached = pruned.removed.len();
            swept.cache_bytes = pruned.reclaimed;
            Ok(())
        }
        // Somebody else is at it.
        Err(DockerError::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What is in use, or gone already, is no trouble.
fn is_done(outcome: DockerResult) -> DockerResult<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(DockerError::Conflict(_) | DockerError::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn app_of(labels: &std::collections::BTreeMap<String, String>) -> Option<AppName> {
    labels.get("com.dokku.app-name")?.parse().ok()
}

/// What bears nobody's mark may be of another server on the same engine, whose apps we do not know.
fn is_surely_ours(ctx: &Ctx, labels: &std::collections::BTreeMap<String, String>) -> bool {
    let own = ctx.platform.docker.owner().id();
    own.is_some() && labels.get(Owner::LABEL).map(String::as_str) == own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_freed_is_told_in_a_line() {
        assert_eq!(Swept::default().told(0), "Nothing to clean up");
        let swept = Swept { containers: 1, images: 2, cached: 12, ..Swept::default() };
        assert_eq!(
            swept.told(3 << 29),
            "Freed 1.5 GiB: 1 stopped container, 2 unused images, 12 entries of the build cache"
        );
    }
}
