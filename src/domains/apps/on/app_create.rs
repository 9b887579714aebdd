use crate::domains::apps::create;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::AppCreate;

/// Does what `apps:create` does.
pub struct OnAppCreate;

impl Reaction for OnAppCreate {
    type Trigger = AppCreate;

    async fn react(ctx: &Ctx, trigger: &AppCreate) -> Result {
        create::create(ctx, &trigger.app).await
    }
}
