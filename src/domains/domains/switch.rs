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
    let domains = defaults::free(ctx, app, defaults::of_app(ctx, app).await?).await?;
    if !domains.is_empty() {
        vhosts::write(ctx.layout(), &Scope::from(app), &domains)?;
    }
    turn_on(ctx, app).await
}

/// How the domains of an app were changed by hand.
pub struct Change {
    /// The verb.
    pub action: &'static str,
    /// Its domains.
    pub domains: Vec<String>,
    /// The list before; `None` for no list.
    pub before: Option<Vec<String>>,
}

/// Turns domains on for an app that was just given some, if they are off, and has the proxy answer to them.
///
/// # Errors
/// When that cannot be written, or the proxy cannot follow: then the list is as before.
pub async fn follow_new_domains(ctx: &Ctx, app: &AppName, change: Change) -> Result {
    let was_enabled = vhosts::is_enabled(ctx.layout(), app)?;
    if !was_enabled {
        ctx.fire(triggers::PreEnableVhost { app: app.clone() }).await?;
        vhosts::set_enabled(ctx.layout(), app, true)?;
    }
    let Change { action, domains, before } = change;
    let update = triggers::PostDomainsUpdate { app: app.clone(), action: action.to_owned(), domains };
    let Err(failure) = ctx.fire(update).await else { return Ok(()) };
    let scope = Scope::from(app);
    match before {
        Some(domains) => vhosts::write(ctx.layout(), &scope, &domains)?,
        None => drop(vhosts::remove(ctx.layout(), &scope)?),
    }
    if !was_enabled {
        vhosts::set_enabled(ctx.layout(), app, false)?;
    }
    Err(failure.hint(format!("The domains of {app} are as before")))
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
