use crate::domains::scheduler_docker_local::log_lines::{self, Form, Wanted};
use crate::domains::scheduler_docker_local::one_off;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Prints what one-off containers wrote.
pub struct Show;

impl Reaction for Show {
    type Trigger = triggers::SchedulerRunLogs;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let form = Form::of(ctx, trigger.quiet);
        let shown = |name: &str| shown(name, form);
        let containers: Vec<(String, String)> = match trigger.container.as_str() {
            "" => {
                let listed = one_off::list(ctx, &trigger.app).await?;
                listed.iter().map(|one| (one.id.clone(), shown(one.name()))).collect()
            }
            name => vec![(name.to_owned(), shown(name))],
        };
        let wanted = Wanted { tail: trigger.tail, num: trigger.num, form };
        log_lines::print(ctx, &containers, wanted).await
    }
}

/// The number alone stands in front of a line; programs are told what kind of process it is, too.
fn shown(name: &str, form: Form) -> String {
    let number = name.rsplit('.').next().unwrap_or(name);
    match form {
        Form::Painted | Form::Bare => number.to_owned(),
        Form::Json => format!("run.{number}"),
    }
}
