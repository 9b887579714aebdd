use super::super::cache;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// What was kept for builds on another stack is of no use.
pub struct Purge;

impl Reaction for Purge {
    type Trigger = triggers::PostStackSet;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        match trigger.scope.app() {
            Some(app) => cache::purge(ctx, app).await,
            None => Ok(()),
        }
    }
}
