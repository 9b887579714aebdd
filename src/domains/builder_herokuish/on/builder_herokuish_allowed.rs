use super::super::is_allowed;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::triggers;

/// `builder-herokuish-allowed`: fails where herokuish may not build.
pub struct Allowed;

impl Reaction for Allowed {
    type Trigger = triggers::BuilderHerokuishAllowed;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if is_allowed(ctx, &trigger.app)? { Ok(()) } else { Err(Failure::inner(1)) }
    }
}
