use crate::deploy::checks::{self, Target, Verdict};
use crate::deploy::readiness::{self, Mode};
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::triggers;
use crate::triggers::{DOCKER_LOCAL, scheduler_of};

/// Runs the checks of a container, as checks:run and plugins ask for it.
pub struct Check;

impl Reaction for Check {
    type Trigger = triggers::CheckDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let place = if trigger.index.is_empty() { String::new() } else { format!(".{}", trigger.index) };
        let name = format!("{}{place}", trigger.process_type);
        if scheduler_of(ctx, &trigger.app).await? != DOCKER_LOCAL {
            return Ok(());
        }
        if readiness::mode(ctx, &trigger.app, &trigger.process_type)? == Mode::Skipped {
            let out = ctx.out.unless_quiet();
            out.heading(format!("Zero downtime checks have been skipped ({name})"));
            return Ok(());
        }
        let target = Target {
            app: trigger.app.clone(),
            process_type: trigger.process_type.clone(),
            name: name.clone(),
            id: trigger.container_id.clone(),
            address: trigger.ip.clone(),
            port: trigger.port.parse().ok(),
        };
        match checks::pass(ctx, &target).await? {
            Verdict::Passed => {
                ctx.out.detail(format!("All checks successful ({name})"));
                Ok(())
            }
            Verdict::Failed(count) => {
                ctx.out.warn(format!("Could not start due to {count} failed checks ({name})"));
                checks::print_output(ctx, &target.app, &target.id, &name).await?;
                Err(Failure::inner(1))
            }
        }
    }
}
