use crate::deploy::{Phase, run_task};
use crate::domains::app_json::content;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Runs the postdeploy task, in a container whose changes are not kept.
pub struct Postdeploy;

impl Reaction for Postdeploy {
    type Trigger = triggers::PostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app_json = content::current(ctx, &trigger.app)?;
        run_task(ctx, &trigger.app, Phase::Postdeploy, &app_json.scripts.dokku.postdeploy).await
    }
}
