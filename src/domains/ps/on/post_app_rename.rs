use super::super::rebuild;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Builds the app under its new name.
pub struct Rebuild;

impl Reaction for Rebuild {
    type Trigger = triggers::PostAppRename;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        match ctx.env.get("SKIP_REBUILD") {
            Some("true") => Ok(()),
            Some(_) | None => rebuild::rebuild(ctx, trigger.new.clone()).await,
        }
    }
}
