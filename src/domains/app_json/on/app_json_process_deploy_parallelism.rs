use crate::kernel::{Ctx, Reaction, Result};
use crate::model::AppJson;
use crate::store::Extracted;
use crate::triggers;

/// How many containers of a process type are deployed at once.
pub struct Parallelism;

impl Reaction for Parallelism {
    type Trigger = triggers::AppJsonProcessDeployParallelism;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        let text = Extracted::AppJson.read(ctx.layout(), &trigger.app, pid)?;
        let app_json = text.as_deref().map(AppJson::parse).transpose()?.unwrap_or_default();
        Ok(format!("{}\n", app_json.max_parallel(&trigger.process_type)))
    }
}
