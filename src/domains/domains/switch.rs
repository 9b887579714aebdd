//! Domains of an app turned on and off as a whole.

use super::defaults;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::vhosts;
use crate::triggers;

/// Turns domains off: the app answers on a port of its own from now on.
///
/// # Errors
/// When that cannot be written or the proxy cannot follow.
pub async fn off(ctx: &Ctx, app: &AppName) -> Result {
    ctx.fire(triggers::PreDisableVhost { app: app.clone() }).await?;
    if vhosts::remove(ctx.layout(), &Scope::from(app))? {
        ctx.out.step("App virtual host support disabled");
    }
    vhosts::set_enabled(ctx.layout(), app, false)?;
    updated(ctx, app, "disable").await
}

/// Turns domains on, with the default ones.
///
/// # Errors
/// When that cannot be written or the proxy cannot follow.
pub async fn on(ctx: &Ctx, app: &AppName) -> Result {
    let domains = defaults::of_app(ctx, app).await?;
    if !domains.is_empty() {
        vhosts::write(ctx.layout(), &Scope::from(app), &domains)?;
    }
    turn_on(ctx, app).await
}

/// Turns domains on for an app that was just given some, if they are off.
///
/// # Errors
/// When that cannot be written or the proxy cannot follow.
pub async fn on_for_new_domains(ctx: &Ctx, app: &AppName) -> Result {
    if vhosts::is_enabled(ctx.layout(), app)? {
        return Ok(());
    }
    ctx.fire(triggers::PreEnableVhost { app: app.clone() }).await?;
    Ok(vhosts::set_enabled(ctx.layout(), app, true)?)
}

async fn turn_on(ctx: &Ctx, app: &AppName) -> Result {
    ctx.fire(triggers::PreEnableVhost { app: app.clone() }).await?;
    vhosts::set_enabled(ctx.layout(), app, true)?;
    updated(ctx, app, "enable").await
}

/// Tells whom it concerns that the domains of an app changed.
///
/// # Errors
/// When the proxy cannot follow.
pub async fn updated(ctx: &Ctx, app: &AppName, action: &str) -> Result {
    let update =
        triggers::PostDomainsUpdate { app: app.clone(), action: action.to_owned(), domains: Vec::new() };
    ctx.fire(update).await
}
