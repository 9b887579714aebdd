use crate::kernel::{Ctx, Reaction, Result};
use crate::store::apps;
use crate::store::takeover::{Report, adopt_mounts, are_mounts_adopted};
use crate::triggers;

/// Takes over the mounts of apps that came with a volume of an older release.
pub struct Adopt;

impl Reaction for Adopt {
    type Trigger = triggers::Install;

    async fn react(ctx: &Ctx, _: &Self::Trigger) -> Result {
        let mut report = Report::begin(ctx.layout(), ctx.platform.clock.now());
        for app in apps::all(ctx.layout())? {
            if !are_mounts_adopted(ctx.layout(), &app)? {
                adopt_mounts(ctx.layout(), &app, &mut report)?;
            }
        }
        Ok(())
    }
}
