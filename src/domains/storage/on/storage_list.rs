use crate::domains::storage::mounts;
use crate::kernel::{Ctx, Reaction, Result, Trigger, json};
use crate::triggers;

/// Lists what an app mounts, for plugins of older releases.
pub struct List;

impl Reaction for List {
    type Trigger = triggers::StorageList;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (new, old) = (triggers::StorageAppMounts::NAME, Self::Trigger::NAME);
        ctx.out.warn(format!("Deprecated: please use the '{new}' plugn trigger instead of '{old}'"));
        let rows = mounts::rows(ctx, &trigger.app, &trigger.phase)?;
        if trigger.format == "json" {
            ctx.out.plain(json::compact(&rows));
            return Ok(());
        }
        for row in rows {
            ctx.out.plain(row.to_string());
        }
        Ok(())
    }
}
