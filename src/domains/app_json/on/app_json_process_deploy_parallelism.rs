use crate::domains::app_json::content;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// How many containers of a process type are deployed at once.
pub struct Parallelism;

impl Reaction for Parallelism {
    type Trigger = triggers::AppJsonProcessDeployParallelism;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let app_json = content::current(ctx, &trigger.app)?;
        Ok(format!("{}\n", app_json.max_parallel(&trigger.process_type)))
    }
}
