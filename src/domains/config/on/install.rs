use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::{ConfigMigrateEnv, Install};

/// After an installation, as Dokku does.
pub struct OnInstall;

impl Reaction for OnInstall {
    type Trigger = Install;

    async fn react(ctx: &Ctx, _: &Install) -> Result {
        ctx.fire(ConfigMigrateEnv {}).await
    }
}
