//! Changing variables, telling plugins, deploying again (contract: output.md section 5, config).

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Scope, dotenv};
use crate::store::moved::Moved;
use crate::store::variables::{self, Variables};
use crate::triggers::{self, PostConfigUpdate, ReleaseAndDeploy};

use super::format;

/// Whether the app is deployed again after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// If it is deployed.
    IfDeployed,
    /// With `--no-restart`: not now.
    Never,
}

impl Restart {
    /// From the flag `--no-restart`.
    pub fn unless(no_restart: bool) -> Self {
        if no_restart { Restart::Never } else { Restart::IfDeployed }
    }
}

/// What happens to the variables that are not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They stay.
    Kept,
    /// They are dropped (`config:import --replace`).
    Dropped,
}

/// Fails for a name that no variable can have, before anything is written.
pub fn check_key(key: &str) -> Result {
    if dotenv::is_key(key) { Ok(()) } else { Err(Failure::user(format!("Invalid key name: '{key}'"))) }
}

/// Sets variables. One that became a property sets the property instead, and says so.
pub async fn set(ctx: &Ctx, scope: &Scope, pairs: Variables, others: Others, restart: Restart) -> Result {
    for (key, value) in &pairs {
        check_key(key)?;
        if value.contains('\0') {
            return Err(Failure::user(format!("The value of {key} holds a NUL byte, which no variable can")));
        }
    }
    let (moved, pairs): (Variables, Variables) =
        pairs.into_iter().partition(|(key, _)| Moved::of(key, scope).is_some());
    for (key, value) in &moved {
        write_property(ctx, scope, key, value)?;
    }
    if !pairs.is_empty() {
        let out = ctx.out.unless_quiet();
        out.step("Setting config vars");
        format::pretty(&pairs).iter().for_each(|line| out.detail(line));
        variables::change(ctx.layout(), scope, |all| {
            if others == Others::Dropped {
                all.clear();
            }
            all.extend(pairs.clone());
        })?;
        announce(ctx, scope, "set", pairs.into_keys().collect()).await;
    }
    redeploy(ctx, scope, restart).await
}

/// Unsets variables, those that became properties too.
pub async fn unset(ctx: &Ctx, scope: &Scope, keys: Vec<String>, restart: Restart) -> Result {
    for key in &keys {
        check_key(key)?;
    }
    let removed: Vec<bool> = variables::change(ctx.layout(), scope, |all| {
        keys.iter().map(|key| all.remove(key).is_some()).collect()
    })?;
    let out = ctx.out.unless_quiet();
    for (key, was_there) in keys.iter().zip(&removed) {
        match Moved::of(key, scope) {
            Some(_) if !was_there => write_property(ctx, scope, key, "")?,
            _ if *was_there => out.step(format!("Unsetting {key}")),
            _ => out.step(format!("Skipping {key}, it is not set in the environment")),
        }
    }
    if removed.contains(&true) {
        announce(ctx, scope, "unset", keys).await;
    }
    redeploy(ctx, scope, restart).await
}

/// Unsets all variables.
pub async fn clear(ctx: &Ctx, scope: &Scope, restart: Restart) -> Result {
    let all = variables::change(ctx.layout(), scope, std::mem::take)?;
    for key in all.keys() {
        ctx.out.unless_quiet().step(format!("Unsetting {key}"));
    }
    if !all.is_empty() {
        announce(ctx, scope, "clear", Vec::new()).await;
    }
    redeploy(ctx, scope, restart).await
}

fn write_property(ctx: &Ctx, scope: &Scope, key: &str, value: &str) -> Result {
    let moved = Moved::of(key, scope).expect("the caller asked before");
    let (plugin, property) = (moved.plugin, moved.key);
    let text = match moved.write(ctx.layout(), scope, value)? {
        Some(value) => format!("{key} is a property today: set {plugin} {property} of {scope} to {value}"),
        None => format!("{key} is a property today: unset {plugin} {property} of {scope}"),
    };
    ctx.out.warn(text);
    Ok(())
}

/// Tells plugins. The variables are written by now, so that one that fails is warned about and no more.
async fn announce(ctx: &Ctx, scope: &Scope, operation: &str, keys: Vec<String>) {
    let trigger = PostConfigUpdate { scope: scope.clone(), operation: operation.to_owned(), keys };
    if let Err(failure) = ctx.fire(trigger).await {
        ctx.out.warn(format!("Failure while triggering post-config-update: {failure}"));
    }
}

async fn redeploy(ctx: &Ctx, scope: &Scope, restart: Restart) -> Result {
    let Some(app) = scope.app().filter(|_| restart == Restart::IfDeployed) else { return Ok(()) };
    let key = "restore".to_owned();
    let restore = ctx.fire(triggers::PsGetProperty { app: app.clone(), key }).await?;
    if restore.trim() == "false" || !triggers::is_deployed(ctx, app).await? {
        return Ok(());
    }
    ctx.out.step(format!("Restarting app {app}"));
    if let Err(failure) = ctx.fire(release(app)).await {
        ctx.out.warn(format!("Failure while restarting app: {failure}"));
    }
    Ok(())
}

fn release(app: &AppName) -> ReleaseAndDeploy {
    ReleaseAndDeploy { app: app.clone(), image_tag: String::new(), source: "config-redeploy".to_owned() }
}
