//! How a deploy ends: made final, or undone.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use futures_util::stream;

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Outcome, Scope};
use crate::platform::docker::{OrGone, RemoveImage};
use crate::platform::lock::Lock;
use crate::platform::{files, lock};
use crate::store::config_history::{self, Note};
use crate::store::{Extracted, Layout, apps, builds, processes, properties, releases, scaling};
use crate::triggers;

use super::image::image_name;
use super::intent::{self, Held, Intent};
use super::previous::Previous;
use super::readiness;
use super::released;
use super::rollout::remove_made;
use super::step::Step;

/// How many apps are settled side by side at a start: the engine does most of it, one container after the other.
const AT_ONCE: usize = 4;

/// Makes the deploy of this app final: from here on the old containers may retire.
///
/// # Errors
/// When they cannot be given to retirement.
pub async fn commit(ctx: &Ctx, app: &AppName) -> Result {
    let Some(mut intent) = Intent::load(ctx, app)? else { return Ok(()) };
    Step::Commit.begin(ctx).await;
    intent.is_final = true;
    intent.save(ctx, app)?;
    Step::Retire.begin(ctx).await;
    finish(ctx, app, &intent).await
}

/// The rest of an accepted deploy. Can be repeated.
async fn finish(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    let wait = readiness::wait_to_retire(ctx, app).await?;
    Previous::keep(ctx, app, intent, wait)?;
    for file in Extracted::ALL {
        file.promote(ctx.layout(), app, &intent.pid)?;
    }
    processes::forget_old_scale(ctx.layout(), app)?;
    // What runs now is what is wanted, whoever wanted it.
    if scaling::is_abandoned(ctx.layout(), app) {
        scaling::forget(ctx.layout(), app)?;
    }
    let current = processes::running(ctx.layout(), app)?;
    let old: Vec<_> =
        intent.serving.iter().filter(|(id, _)| !current.iter().any(|running| running.id == *id)).collect();
    for (id, _) in &old {
        ctx.fire(triggers::SchedulerRegisterRetired {
            app: app.clone(),
            container_id: id.clone(),
            wait: Some(wait),
        })
        .await?;
    }
    if !old.is_empty() {
        ctx.out.step(format!("Shutting down old containers in {wait} seconds"));
    }
    released::record(ctx, app, intent).await?;
    Intent::close(ctx, app)
}

/// Ends what is left of an earlier deploy. One that was accepted is finished. Any other is undone: state files, routes, names, image and variables become what they
/// were, and what the deploy made is removed. Does nothing when there is none. Can be repeated.
///
/// # Errors
/// When a part cannot be put back; the intent then stays for the next attempt.
pub async fn settle(ctx: &Ctx, app: &AppName) -> Result {
    let Some(intent) = Intent::load(ctx, app)? else { return Ok(()) };
    if !apps::exists(ctx.layout(), app) {
        remove_made(ctx, app, &intent.build_id).await?;
        return Intent::close(ctx, app);
    }
    if intent.is_final { finish(ctx, app, &intent).await } else { undo(ctx, app, &intent).await }
}

/// Puts back what a deploy changed. Can be repeated.
///
/// # Errors
/// When a part cannot be put back; the intent then stays for the next attempt.
pub async fn undo(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    if intent.is_switching {
        put_back_state(ctx, app, intent)?;
        start_serving(ctx, intent).await?;
        ctx.silenced().fire(triggers::ProxyBuildConfig { app: app.clone() }).await?;
    }
    remove_made(ctx, app, &intent.build_id).await?;
    for (id, name) in &intent.serving {
        // It has this name already unless the deploy came as far as giving it away.
        let _ = ctx.platform.docker.rename_container(id, name).await;
    }
    let cause = "it died soon after the deploy";
    releases::take_back(ctx.layout(), app, &intent.build_id, cause)?;
    put_back_image(ctx, app, intent).await?;
    put_back_variables(ctx, app, intent)?;
    put_back_properties(ctx, app, intent)?;
    for file in Extracted::ALL {
        file.discard(ctx.layout(), app, &intent.pid)?;
    }
    Intent::close(ctx, app)
}

/// Undoes what killed processes left behind, for all apps that nobody deploys right now.
///
/// # Errors
/// When an app's part cannot be put back; the others are done all the same.
pub async fn settle_all(ctx: &Ctx) -> Result {
    let mut interrupted: BTreeSet<AppName> = intent::open(ctx.layout())?.into_iter().collect();
    interrupted.extend(scaling::abandoned(ctx.layout())?);
    let settle = |app: AppName| async move { settle_abandoned(ctx, &app).await };
    let mut settled = stream::iter(interrupted.into_iter().map(settle)).buffer_unordered(AT_ONCE);
    let mut first = Ok(());
    while let Some(outcome) = settled.next().await {
        first = first.and(outcome);
    }
    for app in apps::all(ctx.layout())? {
        builds::prune(ctx.layout(), &app, ctx.platform.clock.now())?;
    }
    first
}

/// The apps of which a killed process left something half-way, and that nobody works on.
///
/// # Errors
/// When a folder or a lock cannot be read.
pub fn abandoned(layout: &Layout) -> Outcome<Vec<AppName>> {
    let mut found: BTreeSet<AppName> = intent::abandoned(layout)?.into_iter().collect();
    for app in scaling::abandoned(layout)? {
        if apps::exists(layout, &app) && lock::holder(&layout.deploy_queue(&app))?.is_none() {
            found.insert(app);
        }
    }
    Ok(found.into_iter().collect())
}

/// Undoes or finishes what a killed process left behind of an app, unless somebody deploys it right now.
///
/// # Errors
/// When a part cannot be put back; that was printed.
pub async fn settle_abandoned(ctx: &Ctx, app: &AppName) -> Result {
    let Some(mut lock) = Lock::try_take(&ctx.layout().deploy_queue(app))? else { return Ok(()) };
    lock.say("settle")?;
    let outcome = settle_interrupted(ctx, app).await;
    if outcome.is_ok() && apps::exists(ctx.layout(), app) && scaling::is_abandoned(ctx.layout(), app) {
        ctx.out.step(format!("Putting back the scale of {app}: changing it was interrupted"));
        scaling::undo(ctx.layout(), app)?;
    }
    outcome
}

async fn settle_interrupted(ctx: &Ctx, app: &AppName) -> Result {
    let Some(intent) = Intent::load(ctx, app)? else { return Ok(()) };
    let word = if intent.is_final { "Finishing" } else { "Undoing" };
    ctx.out.step(format!("{word} the interrupted deploy of {app}"));
    let outcome = settle(ctx, app).await;
    if let Err(failure) = &outcome {
        failure.print(&ctx.out);
    }
    // The record of the build says that it runs; its process is gone.
    builds::prune(ctx.layout(), app, ctx.platform.clock.now())?;
    outcome
}

fn put_back_state(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    let folder = ctx.layout().app(app);
    for (name, _) in processes::state_files(ctx.layout(), app)? {
        if !intent.state.iter().any(|(before, _)| *before == name) {
            files::remove(&folder.join(name))?;
        }
    }
    for (name, content) in &intent.state {
        files::write(&folder.join(name), content.as_bytes(), 0o644)?;
    }
    Ok(())
}

/// With checks disabled, and after a reboot, the containers that served may have stopped meanwhile.
async fn start_serving(ctx: &Ctx, intent: &Intent) -> Result {
    for (id, _) in &intent.serving {
        ctx.platform.docker.start_container(id).await.or_gone()?;
    }
    Ok(())
}

async fn put_back_image(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    let docker = &ctx.platform.docker;
    let name = image_name(app, None);
    let current = super::image::find(ctx, &name).await?.map(|image| image.id);
    if current == intent.previous_image {
        return Ok(());
    }
    match &intent.previous_image {
        Some(previous) => {
            ctx.out.warn(format!("Retagging old image {previous} as {name}"));
            docker.tag_image(previous, &name).await.or_gone()?;
            if let Some(current) = current
                && !released::is_needed(ctx, &current).await?
            {
                // Another app may have been built into the very same image.
                let _ = docker.remove_image(&current, RemoveImage::default()).await;
            }
        }
        None => {
            ctx.out.warn(format!("Removing invalid image tag {name}"));
            let _ = docker.remove_image(&name, RemoveImage::default()).await;
        }
    }
    Ok(())
}

fn put_back_variables(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    if intent.variables.is_empty() {
        return Ok(());
    }
    let note = Note {
        at: ctx.platform.clock.now(),
        by: intent.by.clone(),
        operation: "deploy undone".to_owned(),
        rolled_back_to: None,
    };
    config_history::change(ctx.layout(), &Scope::from(app), &note, |variables| {
        for (key, before) in &intent.variables {
            match before {
                Some(value) => drop(variables.insert(key.clone(), value.clone())),
                None => drop(variables.remove(key)),
            }
        }
    })?;
    Ok(())
}

fn put_back_properties(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    let scope = Scope::from(app);
    for Held { plugin, key, before, after } in &intent.properties {
        let now = properties::get(ctx.layout(), plugin, &scope, key)?;
        if after.as_ref().is_some_and(|after| *after != now.unwrap_or_default()) {
            continue;
        }
        match before {
            Some(value) => properties::set(ctx.layout(), plugin, &scope, key, value)?,
            None => properties::unset(ctx.layout(), plugin, &scope, key)?,
        }
    }
    Ok(())
}
