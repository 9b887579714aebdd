use crate::domains::config::migrate;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::Install;

/// After an installation, as Dokku does.
pub struct OnInstall;

impl Reaction for OnInstall {
    type Trigger = Install;

    async fn react(ctx: &Ctx, _: &Install) -> Result {
        migrate::all(ctx, true)
    }
}
