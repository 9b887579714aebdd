use crate::deploy::{Phase, run_task};
use crate::domains::app_json::{content, env};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Sets the variables that app.json asks for, then runs the predeploy task with them.
pub struct Prepare;

impl Reaction for Prepare {
    type Trigger = triggers::PreReleaseBuilder;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app_json = content::current(ctx, &trigger.app)?;
        env::apply(ctx, &trigger.app, &app_json.env).await?;
        run_task(ctx, &trigger.app, Phase::Predeploy, &app_json.scripts.dokku.predeploy).await
    }
}
