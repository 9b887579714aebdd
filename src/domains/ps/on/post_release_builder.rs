use super::super::scale;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::scale::{Clear, Quantities};
use crate::triggers;

/// Lets the scale follow the Procfile of the new release: new types get 0.
pub struct FollowProcfile;

impl Reaction for FollowProcfile {
    type Trigger = triggers::PostReleaseBuilder;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        scale::change(ctx, &trigger.app, &Quantities::new(), Clear::Nothing).map(drop)
    }
}
