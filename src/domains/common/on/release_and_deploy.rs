use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::builds::Source;
use crate::triggers;

/// `release-and-deploy`: a release of the image an app has.
pub struct ReleaseAndDeploy;

impl Reaction for ReleaseAndDeploy {
    type Trigger = triggers::ReleaseAndDeploy;

    async fn react(ctx: &Ctx, trigger: &triggers::ReleaseAndDeploy) -> Result {
        let source = if trigger.source.is_empty() { "deploy" } else { &trigger.source };
        deploy::release_and_deploy(ctx, &trigger.app, Source::from_word(source)).await
    }
}
