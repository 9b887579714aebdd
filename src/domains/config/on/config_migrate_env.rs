use crate::domains::config::old_files;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::ConfigMigrateEnv;

/// Asked for by name.
pub struct OnConfigMigrateEnv;

impl Reaction for OnConfigMigrateEnv {
    type Trigger = ConfigMigrateEnv;

    async fn react(ctx: &Ctx, _: &ConfigMigrateEnv) -> Result {
        old_files::adopt(ctx, true)
    }
}
