//! Returning to an earlier release: its settings are put back as a deploy would make them, and the switch is that of
//! any deploy. Nothing is built.

use std::collections::BTreeSet;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::port_map::{self, Conflict};
use crate::model::{AppName, Scope};
use crate::platform::docker::Image;
use crate::store::config_history::{self, Note};
use crate::store::releases::{self, Content, Release};
use crate::store::{Extracted, apps, builds, ports, properties, storage_entries, variables};

use super::capture::recorded;
use super::image::{self, image_name};
use super::intent::{Held, Intent};
use super::release::deploy;
use super::settle::commit;
use super::step::Step;

/// Returns to a release, in the app's turn.
///
/// # Errors
/// When the release cannot be put back whole: then nothing has changed. When it does not come up: then what served
/// serves on, with the settings it had.
pub async fn roll_back(ctx: &Ctx, app: &AppName, release: &Release) -> Result {
    recorded(ctx, app, builds::Source::Rollback.into(), |ctx| async move { story(&ctx, app, release).await })
        .await
        .map(drop)
}

async fn story(ctx: &Ctx, app: &AppName, release: &Release) -> Result {
    let content = releases::content_of(ctx.layout(), app, release)?;
    let image = require(ctx, app, release, &content).await?;
    let mut intent = Intent::begin(ctx, app).await?;
    intent.rolls_back_to = Some(release.number);
    note(ctx, app, &mut intent, &content)?;
    intent.save(ctx, app)?;
    Step::Restore.begin(ctx).await;
    put_back(ctx, app, &content, release)?;
    ctx.platform.docker.tag_image(&image.id, &image_name(app, None)).await?;
    deploy(ctx, app).await?;
    commit(ctx, app).await
}

/// What a release needs and does not find cannot be made up: it is missed before anything changes.
///
/// # Errors
/// Naming the release, what is missing, and what to do.
pub async fn require(ctx: &Ctx, app: &AppName, release: &Release, content: &Content) -> Result<Image> {
    let number = release.number;
    for mount in content.mounts() {
        if storage_entries::find(ctx.layout(), &mount.entry_name)?.is_none() {
            let entry = &mount.entry_name;
            return Err(Failure::user(format!(
                "Release {number} of {app} mounts the storage entry {entry}, which is no longer there"
            ))
            .hint(format!("Make it again with 'storage:create {entry}', or return to another release")));
        }
    }
    require_ports(ctx, app, number, content)?;
    match image::find(ctx, &content.image).await? {
        Some(image) => Ok(image),
        None => {
            let failure = Failure::user(format!(
                "The image of release {number} of {app} is no longer there ({})",
                releases::short(&content.image)
            ));
            Err(match release.revision.as_str() {
                "" => failure,
                commit => failure.hint(format!("Push its commit again: {commit}")),
            }
            .hint(format!("'releases:list {app}' shows which releases have their image")))
        }
    }
}

/// A port that only one app can have may be another's by now.
fn require_ports(ctx: &Ctx, app: &AppName, number: u64, content: &Content) -> Result {
    let lines = content.settings.get("ports").and_then(|keys| keys.get("map"));
    let lines: Vec<String> = lines.into_iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    let now = ports::user(ctx.layout(), app)?;
    let new: Vec<_> = port_map::stored(&lines).into_iter().filter(|map| !now.contains(map)).collect();
    if new.is_empty() {
        return Ok(());
    }
    for other in apps::all(ctx.layout())?.iter().filter(|other| *other != app) {
        for their in ports::user(ctx.layout(), other)? {
            let clash = |map: &&_| port_map::conflict((*map, &[]), (&their, &[])) == Some(Conflict::Port);
            if let Some(map) = new.iter().find(clash) {
                return Err(Failure::user(format!(
                    "Release {number} of {app} has the port {map}, which belongs to {other} by now ({their})"
                ))
                .hint(format!("Take it from {other} first: 'ports:remove {other} {their}'")));
            }
        }
    }
    Ok(())
}

/// Writes down what is going to change: variables and properties, as they are and as they will be.
fn note(ctx: &Ctx, app: &AppName, intent: &mut Intent, content: &Content) -> Result {
    let scope = Scope::from(app);
    let own = variables::own(ctx.layout(), &scope)?;
    let keys: BTreeSet<&String> = own.keys().chain(content.variables.keys()).collect();
    for key in keys {
        if own.get(key) != content.variables.get(key) {
            intent.variables.push((key.clone(), own.get(key).cloned()));
        }
    }
    let now = releases::settings_now(ctx.layout(), app)?;
    for (plugin, wanted) in &content.settings {
        let found = now.get(plugin).cloned().unwrap_or_default();
        let keys: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
        for key in keys {
            let (before, after) = (found.get(key), wanted.get(key));
            if before != after {
                intent.properties.retain(|held| held.plugin != *plugin || held.key != *key);
                intent.properties.push(Held {
                    plugin: plugin.clone(),
                    key: key.clone(),
                    before: before.cloned(),
                    after: Some(after.cloned().unwrap_or_default()),
                });
            }
        }
    }
    Ok(())
}

/// Puts the parts of a release into their places. The files of its code are candidates, as in a push.
fn put_back(ctx: &Ctx, app: &AppName, content: &Content, release: &Release) -> Result {
    let (layout, scope) = (ctx.layout(), Scope::from(app));
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    for file in Extracted::ALL {
        file.put(layout, app, pid, content.files.get(file.name()).map(|text| text.as_bytes()))?;
    }
    let now = releases::settings_now(layout, app)?;
    for (plugin, wanted) in &content.settings {
        for key in now.get(plugin).into_iter().flat_map(|found| found.keys()) {
            if !wanted.contains_key(key) {
                properties::unset(layout, plugin, &scope, key)?;
            }
        }
        for (key, value) in wanted {
            properties::set(layout, plugin, &scope, key, value)?;
        }
    }
    let note = Note {
        at: ctx.platform.clock.now(),
        by: ctx.caller.who().to_owned(),
        operation: format!("releases:rollback {}", release.number),
        rolled_back_to: None,
    };
    config_history::change(layout, &scope, &note, |all| all.clone_from(&content.variables))?;
    Ok(())
}
