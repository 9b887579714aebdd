//! Changing the user's mappings, and telling whom it concerns.

use super::{forward, owners};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::model::port_map::{self, PortMap};
use crate::store::ports;
use crate::triggers;

/// What a command says when no mapping was named.
pub fn missing() -> Failure {
    Failure::user("No port mapping specified")
}

/// Refuses a list in which two mappings share scheme and host port. `which` says which list it is.
///
/// # Errors
/// Naming the shared one.
pub fn require_distinct(maps: &[PortMap], which: &str) -> Result {
    match port_map::reused(maps) {
        None => Ok(()),
        Some(key) => Err(Failure::user(format!(
            "Error validating {which}: The same scheme:host-port is being reused: {key}"
        ))
        .hint("each pair of scheme and host port leads to one container port")),
    }
}

/// Changes the user's mappings under their lock, then has the proxy follow. `action` is the verb. Those that are new must
/// be free, and are published where nobody does so. Where the proxy cannot follow, the mappings of before stay.
///
/// # Errors
/// When `change` refuses, a port is another's, the list cannot be written, or the proxy cannot follow.
pub async fn change(
    ctx: &Ctx,
    app: &AppName,
    action: &str,
    change: impl Fn(Vec<PortMap>) -> Result<Vec<PortMap>>,
) -> Result {
    ctx.require_app(app)?;
    let (before, after) = loop {
        let before = ports::user(ctx.layout(), app)?;
        let after = change(before.clone())?;
        let new: Vec<PortMap> = after.iter().filter(|map| !before.contains(map)).cloned().collect();
        owners::require_free(ctx, app, &new, &after).await?;
        if !new.is_empty()
            && let Err(failure) = forward::require(ctx, app, &after).await
        {
            forward::follow(ctx, app).await?;
            return Err(failure);
        }
        if replace(ctx, app, &before, &after)? {
            break (before, after);
        }
    };
    let followed = ctx.fire(triggers::PostProxyPortsUpdate { app: app.clone(), action: action.to_owned() });
    if let Err(failure) = followed.await {
        replace(ctx, app, &after, &before)?;
        forward::follow(ctx, app).await?;
        return Err(failure);
    }
    Ok(())
}

/// Replaces the list that was read by another one. False when it is not the same any more: others, whom nobody makes wait
/// for triggers, change it too.
fn replace(ctx: &Ctx, app: &AppName, read: &[PortMap], by: &[PortMap]) -> Result<bool> {
    let _lock = ports::locked(ctx.layout(), app)?;
    let is_same = port_map::sorted(&ports::user(ctx.layout(), app)?) == port_map::sorted(read);
    if is_same {
        ports::set_user(ctx.layout(), app, by)?;
    }
    Ok(is_same)
}
