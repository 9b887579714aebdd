use crate::domains::scheduler_docker_local::session;
use crate::kernel::{Ctx, Failure, Reaction, Result, fetch};
use crate::model::RunPlan;
use crate::model::run_plan::Mount;
use crate::model::storage::{ChownOption, is_volume_name};
use crate::platform::docker::{Filter, RemoveContainer};
use crate::platform::files;
use crate::store::host_paths::HostPaths;
use crate::store::storage_entries::{self, Entry};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Opens a shell, or runs a command, in a container of its own that has an entry in `/data`.
pub struct Exec;

/// Where the entry is in the container.
const PLACE: &str = "/data";

/// What runs without a command: the better shell of those that the image has.
const SHELL: [&str; 3] = ["sh", "-c", "if command -v bash >/dev/null 2>&1; then exec bash; fi; exec sh"];

impl Reaction for Exec {
    type Trigger = triggers::SchedulerStorageExec;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let entry = storage_entries::require(ctx.layout(), &trigger.entry)?;
        if entry.scheduler != DOCKER_LOCAL {
            return Err(Failure::user(format!(
                "storage entry {:?} has scheduler {:?}, not docker-local",
                entry.name, entry.scheduler
            )));
        }
        let mut plan = plan(&entry, &Asked::of(&trigger.words))?;
        plan.image.clone_from(&trigger.image);
        plan.mount.push(mount(ctx, &entry).await?);
        let out = ctx.out.clone();
        let id = fetch::create_container(ctx, &plan, &mut |line: &str| out.plain_error(line)).await?;
        match session::attend(ctx, &id, plan.tty, || {}).await {
            Ok(0) => Ok(()),
            Ok(status) => Err(Failure::inner(i32::try_from(status).unwrap_or(1))),
            Err(failure) => {
                // One that was never started does not remove itself; the failure is what counts.
                let how = RemoveContainer { force: true, volumes: true };
                let _ = ctx.platform.docker.remove_container(&id, how).await;
                Err(failure)
            }
        }
    }
}

/// What the words of the trigger ask for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    is_interactive: bool,
    has_terminal: bool,
    user: Option<String>,
    command: Vec<String>,
}

impl Asked {
    fn of(words: &[String]) -> Self {
        let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
        let command = words.get(end + 1..).unwrap_or_default().to_vec();
        let mut asked = Asked { command, ..Asked::default() };
        let mut words = words[..end].iter();
        while let Some(word) = words.next() {
            match word.split_once('=').unwrap_or((word, "true")) {
                ("--interactive", value) => asked.is_interactive = value == "true",
                ("--tty", value) => asked.has_terminal = value == "true",
                ("--as-user", _) if word == "--as-user" => asked.user = words.next().cloned(),
                ("--as-user", user) => asked.user = Some(user.to_owned()),
                _ => {}
            }
        }
        asked
    }
}

fn plan(entry: &Entry, asked: &Asked) -> Result<RunPlan> {
    let owner = match entry.chown.as_str() {
        "" => None,
        option => option.parse::<ChownOption>()?.id.map(|id| id.to_string()),
    };
    let mut plan = RunPlan {
        command: asked.command.clone(),
        user: asked.user.clone().or(owner).map(|user| format!("{user}:{user}")),
        interactive: asked.is_interactive || asked.has_terminal,
        tty: asked.has_terminal,
        rm: true,
        ..RunPlan::default()
    };
    if plan.command.is_empty() {
        plan.command = SHELL.map(str::to_owned).to_vec();
    }
    for (key, value) in [
        ("dokku", ""),
        ("com.dokku.container-type", "storage"),
        ("com.dokku.storage-entry", entry.name.as_str()),
    ] {
        plan.label.insert(key.to_owned(), value.to_owned());
    }
    Ok(plan)
}

/// The entry as the engine finds it. It must be there: the engine would make an empty one of a word that is misspelt.
async fn mount(ctx: &Ctx, entry: &Entry) -> Result<Mount> {
    let path = &entry.host_path;
    let target = PLACE.to_owned();
    if entry.is_folder() {
        let paths = HostPaths::new(ctx.layout(), &ctx.env);
        match paths.here(path) {
            Some(here) if !files::exists(&here) => {
                return Err(Failure::user(format!("host path {path} does not exist")));
            }
            Some(here) if !files::is_folder(&here) => {
                return Err(Failure::user(format!("host path {path} exists but is not a directory")));
            }
            // What cannot be seen in here the engine looks for itself.
            Some(_) | None => {}
        }
        return Ok(Mount {
            kind: "bind".to_owned(),
            source: paths.on_host(path),
            target,
            ..Mount::default()
        });
    }
    if !is_volume_name(path) {
        return Err(Failure::user(format!(
            "host path {path:?} is neither absolute nor a valid docker volume token"
        )));
    }
    let volumes = ctx.platform.docker.list_volumes(&Filter::all().and("name", path.as_str())).await?;
    if !volumes.iter().any(|volume| volume.name == *path) {
        return Err(Failure::user(format!("docker named volume {path:?} is not present"))
            .hint("An app that mounts it makes it, or `docker volume create` on the host"));
    }
    Ok(Mount { kind: "volume".to_owned(), source: path.clone(), target, ..Mount::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Asked {
        Asked::of(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_words_of_the_trigger_are_read() {
        let all = asked("--interactive=true --tty=false --as-user 1000 -- ls --tty");
        assert!(all.is_interactive && !all.has_terminal);
        assert_eq!((all.user.as_deref(), all.command), (Some("1000"), vec!["ls".into(), "--tty".into()]));
        assert_eq!(asked("--tty").command, Vec::<String>::new());
        assert!(asked("--tty").has_terminal);
        assert_eq!(asked("--as-user=5").user.as_deref(), Some("5"));
    }
}
