use crate::kernel::{Ctx, Reaction, Result, Stream};
use crate::store::failed_containers;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Prints what containers wrote that did not pass their checks.
pub struct ShowFailed;

impl Reaction for ShowFailed {
    type Trigger = triggers::SchedulerLogsFailed;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let (layout, app) = (ctx.layout(), &trigger.app);
        let mut is_any = false;
        for failed in failed_containers::all(layout, app)? {
            match failed_containers::output(layout, app, &failed.id)? {
                Some(output) => {
                    is_any = true;
                    // Whoever reads may be gone.
                    let _ = ctx.out.raw(Stream::Stdout, &output);
                }
                None => ctx.out.warn(format!("App container {} no longer running", failed.id)),
            }
        }
        if !is_any {
            ctx.out.warn("No failed containers found");
        }
        Ok(())
    }
}
