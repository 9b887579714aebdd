use super::super::restart;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Restarts the app.
pub struct Restart;

impl Reaction for Restart {
    type Trigger = triggers::AppRestart;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        restart::restart(ctx, trigger.app.clone(), None).await
    }
}
