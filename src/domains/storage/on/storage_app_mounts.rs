use crate::domains::storage::mounts;
use crate::kernel::{Ctx, Reaction, Result, json};
use crate::triggers;

/// Tells schedulers what an app mounts.
pub struct Tell;

impl Reaction for Tell {
    type Trigger = triggers::StorageAppMounts;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let pairs = mounts::pairs(ctx, &trigger.app, &trigger.phase)?;
        Ok(format!("{}\n", json::compact(&pairs)))
    }
}
