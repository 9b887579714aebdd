use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::builds::Source;
use crate::triggers;

/// `deploy`: new containers of the image an app has, all types or one.
pub struct Deploy;

impl Reaction for Deploy {
    type Trigger = triggers::Deploy;

    async fn react(ctx: &Ctx, trigger: &triggers::Deploy) -> Result {
        let source = match ctx.env.get("DOKKU_BUILD_SOURCE").map(Source::from_word) {
            Some(Source::PsRestart) => Source::PsRestart,
            // Of a deploy around us, which this one is a part of.
            Some(_) | None => Source::Deploy,
        };
        deploy::redeploy(ctx, &trigger.app, trigger.process_type.clone(), source).await
    }
}
