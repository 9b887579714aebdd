use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::builds::{self, End};
use crate::triggers::BuildsRecordFinalize;

/// Writes down how a build ended, and drops old records.
pub struct OnBuildsRecordFinalize;

impl Reaction for OnBuildsRecordFinalize {
    type Trigger = BuildsRecordFinalize;

    async fn react(ctx: &Ctx, trigger: &BuildsRecordFinalize) -> Result {
        let BuildsRecordFinalize { app, build_id, exit_code } = trigger;
        let code = exit_code.parse().map_err(|_| {
            Failure::user(format!("builds-record-finalize: invalid exit code \"{exit_code}\""))
        })?;
        let now = ctx.platform.clock.now();
        if builds::finish(ctx.layout(), app, build_id, End::with(code), now)?.is_none() {
            ctx.out.warn(format!("builds-record-finalize: no record for {app}/{build_id}, skipping"));
            return Ok(());
        }
        Ok(builds::prune(ctx.layout(), app, now)?)
    }
}
