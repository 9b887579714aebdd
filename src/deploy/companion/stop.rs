//! Stopping a companion.

use crate::kernel::{Ctx, Result};
use crate::platform::docker::OrGone;

use super::find::{all, lock, remove};

/// Stops and removes the companion, with what a killed start of it has left. None to be stopped is fine.
///
/// # Errors
/// When the engine refuses.
pub async fn stop(ctx: &Ctx, companion: &str) -> Result {
    let _lock = lock(ctx, companion).await?;
    for one in all(ctx, companion).await? {
        // It may have connections to see to their end.
        ctx.platform.docker.stop_container(&one.id, None).await.or_gone()?;
        remove(ctx, &one.id).await?;
    }
    Ok(())
}
