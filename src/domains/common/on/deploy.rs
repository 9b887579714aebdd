use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::builds::Source;
use crate::triggers;

/// `deploy`: new containers of the image an app has, all types or one.
pub struct Deploy;

impl Reaction for Deploy {
    type Trigger = triggers::Deploy;

    async fn react(ctx: &Ctx, trigger: &triggers::Deploy) -> Result {
        deploy::redeploy(ctx, &trigger.app, trigger.process_type.clone(), Source::Deploy).await
    }
}
