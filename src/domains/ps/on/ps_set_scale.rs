use super::super::scale;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::scale::{self as model, Clear};
use crate::triggers;

/// Changes the scale and, unless it is told not to, deploys what was named.
pub struct Set;

impl Reaction for Set {
    type Trigger = triggers::PsSetScale;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let changes = model::parse(&trigger.words)?;
        let clear = if trigger.clear_existing { Clear::Everything } else { Clear::Nothing };
        scale::change(ctx, &trigger.app, &changes, clear)?;
        if trigger.skip_deploy { Ok(()) } else { scale::deploy(ctx, &trigger.app, &changes).await }
    }
}
