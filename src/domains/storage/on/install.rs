use crate::domains::storage::legacy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::apps;
use crate::triggers;

/// Takes over the mounts of apps that came with a volume of an older release.
pub struct Adopt;

impl Reaction for Adopt {
    type Trigger = triggers::Install;

    async fn react(ctx: &Ctx, _: &Self::Trigger) -> Result {
        for app in apps::all(ctx.layout())? {
            if !legacy::is_migrated(ctx, &app)? {
                legacy::migrate(ctx, &app)?;
            }
        }
        Ok(())
    }
}
