//! Bringing the remembered addresses up to date with what the engine says.

use super::{address, listeners};
use crate::deploy::JUST_MADE;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Dyno};
use crate::store::{addresses, processes};

/// As [`sync`], but says which containers have no address that could be told, and counts them. One that is down is
/// none of these: it gets its address with its start.
///
/// # Errors
/// When the app's files cannot be read or written.
pub async fn rebuild(ctx: &Ctx, app: &AppName) -> Result<usize> {
    let unknown = sync(ctx, app).await?;
    for (dyno, why) in &unknown {
        ctx.out.warn(format!("The address of {dyno} of {app} is not known: {why}"));
    }
    Ok(unknown.len())
}

/// Writes down the address of each container of the app. One that the engine does not know stays as it was: the
/// proxy then says so by itself. Nor is the engine asked for what the deploy around us has just written. Returns the
/// containers without an address, with the reason.
///
/// # Errors
/// When the app's files cannot be read or written.
pub async fn sync(ctx: &Ctx, app: &AppName) -> Result<Vec<(Dyno, String)>> {
    if !listeners::fixed(ctx, app)?.is_empty() {
        return Ok(Vec::new());
    }
    let containers = processes::running(ctx.layout(), app)?;
    if !containers.is_empty() {
        ctx.out.step(format!("Ensuring network configuration is in sync for {app}"));
    }
    let just_made = ctx.env.get(JUST_MADE).unwrap_or_default();
    let mut unknown = Vec::new();
    for one in containers {
        if just_made.split(' ').any(|made| made == one.id) {
            continue;
        }
        let now = match address::of(ctx, app, &one.dyno.process_type, &one.id).await {
            Ok(now) => now,
            Err(failure) => {
                unknown.push((one.dyno, failure.to_string()));
                continue;
            }
        };
        if !now.is_empty() && processes::ip(ctx.layout(), app, &one.dyno)?.as_deref() != Some(&now) {
            addresses::write_address(ctx.layout(), app, &one.dyno.process_type, one.dyno.index, &now)?;
        }
    }
    Ok(unknown)
}
