use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::triggers::{self, scheduler_of};

/// Open a shell, or run a command, in a running container of an app
///
/// The container is named by its process type, alone or with its number, or by its id; an app with one
/// process type needs none. Ends with the status of the command.
///
/// Example: dokku enter shop web.1 ls -la
#[derive(clap::Args)]
pub struct Enter {
    /// App, then [PROCESS_TYPE[.NUMBER] | --container-id ID] [--] [COMMAND...]
    #[arg(value_name = "APP", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Command for Enter {
    const NAME: &'static str = "enter";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let mut words = self.words.into_iter();
        let app: AppName = words.next().unwrap_or_default().parse()?;
        ctx.require_app(&app)?;
        let scheduler = scheduler_of(ctx, &app).await?;
        let words = separated(words.collect());
        ctx.fire(triggers::SchedulerEnter { scheduler, app, words }).await
    }
}

/// The same with a `--` between the container and the command, as the scheduler expects it.
fn separated(words: Vec<String>) -> Vec<String> {
    let place = match words.first().map(String::as_str) {
        None | Some("--") => 0,
        Some("--container-id") => 2,
        Some(_) => 1,
    };
    let (place, rest) = words.split_at(place.min(words.len()));
    let command = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    [place, &["--".to_owned()], command].concat()
}

#[cfg(test)]
mod tests {
    use super::separated;

    #[test]
    fn container_and_command_are_told_apart() {
        for (words, expected) in [
            ("", "--"),
            ("web", "web --"),
            ("web.1 ls -la", "web.1 -- ls -la"),
            ("web -- ls -- x", "web -- ls -- x"),
            ("-- ls", "-- ls"),
            ("--container-id abc ls", "--container-id abc -- ls"),
            ("--container-id=abc ls", "--container-id=abc -- ls"),
            ("--container-id", "--container-id --"),
        ] {
            let words = words.split_whitespace().map(str::to_owned).collect();
            assert_eq!(separated(words).join(" "), expected);
        }
    }
}
