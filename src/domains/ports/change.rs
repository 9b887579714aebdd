//! Changing the user's mappings, and telling whom it concerns.

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

/// Changes the user's mappings under their lock, then has the proxy follow. `action` is the verb.
///
/// # Errors
/// When `change` refuses, the list cannot be written, or the proxy cannot follow.
pub async fn change(
    ctx: &Ctx,
    app: &AppName,
    action: &str,
    change: impl FnOnce(Vec<PortMap>) -> Result<Vec<PortMap>>,
) -> Result {
    ctx.require_app(app)?;
    {
        let _lock = ports::locked(ctx.layout(), app)?;
        let maps = change(ports::user(ctx.layout(), app)?)?;
        ports::set_user(ctx.layout(), app, &maps)?;
    }
    ctx.fire(triggers::PostProxyPortsUpdate { app: app.clone(), action: action.to_owned() }).await
}
