//! Changing variables, telling plugins, deploying again (contract: output.md section 5, config).

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Scope, dotenv};
use crate::store::config_history::{self, Note};
use crate::store::kept_variables::{self, Change, How as Changed};
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

/// What is done, and whether the app is deployed again after it.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// As the history of the variables calls it: the command.
    pub operation: &'static str,
    /// The revision that is returned to.
    pub rolls_back_to: Option<u64>,
    /// Whether the app is deployed again.
    pub restart: Restart,
}

impl How {
    /// What a command does.
    pub fn of(operation: &'static str, restart: Restart) -> Self {
        How { operation, rolls_back_to: None, restart }
    }

    /// What somebody does by a trigger: a deploy, for the variables of app.json, or a plugin.
    pub fn by_trigger(ctx: &Ctx, restart: Restart) -> Self {
        let is_deploy = ctx.env.get("DOKKU_BUILD_ID").is_some();
        Self::of(if is_deploy { "deploy" } else { "plugin" }, restart)
    }

    fn note(self, ctx: &Ctx) -> Note {
        Note {
            at: ctx.platform.clock.now(),
            by: ctx.caller.who().to_owned(),
            operation: self.operation.to_owned(),
            rolled_back_to: self.rolls_back_to,
        }
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
pub async fn set(ctx: &Ctx, scope: &Scope, pairs: Variables, others: Others, how: How) -> Result {
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
        config_history::change(ctx.layout(), scope, &how.note(ctx), |all| {
            if others == Others::Dropped {
                all.clear();
            }
            all.extend(pairs.clone());
        })?;
        announce(ctx, scope, "set", pairs.into_keys().collect()).await;
    }
    redeploy(ctx, scope, how.restart).await
}

/// Unsets variables, those that became properties too.
pub async fn unset(ctx: &Ctx, scope: &Scope, keys: Vec<String>, how: How) -> Result {
    for key in &keys {
        check_key(key)?;
    }
    let removed: Vec<bool> = config_history::change(ctx.layout(), scope, &how.note(ctx), |all| {
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
    redeploy(ctx, scope, how.restart).await
}

/// Unsets all variables.
pub async fn clear(ctx: &Ctx, scope: &Scope, how: How) -> Result {
    let all = config_history::change(ctx.layout(), scope, &how.note(ctx), std::mem::take)?;
    for key in all.keys() {
        ctx.out.unless_quiet().step(format!("Unsetting {key}"));
    }
    if !all.is_empty() {
        announce(ctx, scope, "clear", Vec::new()).await;
    }
    redeploy(ctx, scope, how.restart).await
}

/// Makes the variables what they were after a revision; the variable that names the commit stays. Tells what differs.
pub async fn roll_back(ctx: &Ctx, scope: &Scope, wanted: &Variables, how: How) -> Result {
    let hidden = variables::revision_variable(ctx.layout(), scope)?;
    let changes: Vec<Change> = config_history::change(ctx.layout(), scope, &how.note(ctx), |all| {
        let mut after = wanted.clone();
        if let Some(key) = hidden {
            match all.get(&key) {
                Some(value) => drop(after.insert(key, value.clone())),
                None => drop(after.remove(&key)),
            }
        }
        let changes = kept_variables::changes(all, &after);
        *all = after;
        changes
    })?;
    if changes.is_empty() {
        ctx.out.unless_quiet().step("Nothing to do: the config vars are as they were then");
        return Ok(());
    }
    let (mut set, mut unset) = (Vec::new(), Vec::new());
    for Change { key, how } in changes {
        let word = match how {
            Changed::Added | Changed::Changed => "Setting",
            Changed::Removed => "Unsetting",
        };
        ctx.out.unless_quiet().step(format!("{word} {key}"));
        match how {
            Changed::Added | Changed::Changed => set.push(key),
            Changed::Removed => unset.push(key),
        }
    }
    for (operation, keys) in [("set", set), ("unset", unset)] {
        if !keys.is_empty() {
            announce(ctx, scope, operation, keys).await;
        }
    }
    redeploy(ctx, scope, how.restart).await
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
