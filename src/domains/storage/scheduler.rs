//! Volumes that a scheduler keeps: it is told of entries, and may refuse.

use crate::kernel::{Ctx, Failure, Result};
use crate::store::storage_entries::{Entry, K3S};
use crate::triggers;

/// Has the scheduler make the volume of an entry, or change it. `refused` begins the sentence when it does not.
///
/// # Errors
/// When the scheduler refuses.
pub async fn make(ctx: &Ctx, entry: &Entry, refused: &str) -> Result {
    if entry.scheduler != K3S {
        return Ok(());
    }
    let name = entry.name.clone();
    let told = ctx.fire_with(triggers::StorageCreate { entry: name }, entry).await;
    told.map_err(|failure| Failure::user(format!("{refused}: {failure}")))
}

/// Has the scheduler remove the volume of an entry.
///
/// # Errors
/// When the scheduler refuses.
pub async fn remove(ctx: &Ctx, entry: &Entry) -> Result {
    if entry.scheduler != K3S {
        return Ok(());
    }
    let name = entry.name.clone();
    let told = ctx.fire_with(triggers::StorageDestroy { entry: name.clone() }, entry).await;
    told.map_err(|failure| {
        Failure::user(format!("scheduler refused to remove storage entry {name:?}: {failure}"))
    })
}
