use crate::domains::scheduler_docker_local::log_lines::{self, Form, Wanted};
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::processes;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Prints what the containers of the app wrote.
pub struct Show;

impl Reaction for Show {
    type Trigger = triggers::SchedulerLogs;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let containers: Vec<(String, String)> = processes::running(ctx.layout(), &trigger.app)?
            .into_iter()
            .filter(|one| {
                let process_type = one.dyno.process_type.as_str();
                let wanted = trigger.process.as_str();
                wanted.is_empty() || process_type == wanted || one.dyno.to_string() == wanted
            })
            .map(|one| (one.id, one.dyno.to_string()))
            .collect();
        let form = Form::of(ctx, trigger.quiet);
        let wanted = Wanted { tail: trigger.tail, num: trigger.num, form };
        log_lines::print(ctx, &containers, wanted).await
    }
}
