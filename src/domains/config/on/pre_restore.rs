use crate::domains::config::old_files;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::PreRestore;

/// At each start: a volume of an older release is taken over before its apps are started.
pub struct OnPreRestore;

impl Reaction for OnPreRestore {
    type Trigger = PreRestore;

    async fn react(ctx: &Ctx, _: &PreRestore) -> Result {
        old_files::adopt(ctx, false)
    }
}
