//! What stands behind `given`: how a server is before a command is typed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use dokku::model::{AppName, Fault, RunPlan, Scope};
use dokku::platform;
use dokku::platform::docker::{Docker, DockerError, Image};
use dokku::platform::process_mark::ProcessMark;
use dokku::store::builds::{self, End, Record, Source};
use dokku::store::properties;

use super::table::Given;
use crate::support::authority::self_signed;
use crate::support::fake_docker::PlannedBuild;
use crate::support::{PlannedExec, PlannedRun, Repository, World, deployed_writing, have_release_image};

/// Makes it so.
pub fn prepare(world: &World, given: &Given, path: &str) {
    let words: Vec<String> = given.words.iter().map(|word| word.replace("$WORLD", &world.path())).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let place = format!("{path}:{}", given.line);
    let text = given.text.replace("$WORLD", &world.path());
    match words.as_slice() {
        // What tests elsewhere assert may be used here.
        ["$", words @ ..] => {
            let said = world.say(words, text.as_bytes());
            assert_eq!(said.status, 0, "{place}: {}{}", said.stdout, said.stderr);
        }
        ["app", app] => assert_eq!(world.say(&["apps:create", app], b"").status, 0, "{place}"),
        // An app that runs; its containers have written this.
        ["deployed", app, dynos @ ..] => deployed_writing(world, app, dynos, &text),
        // An app that was built, and does not run.
        ["built", app] => have_release_image(world, app),
        // Its deploys do not check their containers, which have no processes here, nor wait for them to fall over.
        ["unchecked", app] => {
            for (key, value) in [("skipped", "_all_"), ("watch", "0")] {
                let app: AppName = app.parse().expect("a name");
                properties::set(&world.layout, "checks", &Scope::from(&app), key, value).expect("writable");
            }
        }
        // A commit of the app's code.
        ["code", app, fixture] => code(world, app, fixture),
        ["file", path] => drop(write(path, &text)),
        ["program", path] => {
            fs::set_permissions(write(path, &text), fs::Permissions::from_mode(0o755)).unwrap()
        }
        // An enabled plugin with one program.
        ["plugin", name, program] => world.add_plugin(name, program, &text),
        // A plugin of tests/fixtures/plugins, enabled.
        ["fixture", name] => world.add_fixture(name),
        // A self-signed certificate for these names: $WORLD/NAME.crt and .key.
        ["certificate", name] => {
            let issued = self_signed(name, (2025, 2035));
            write(&format!("{}/{name}.crt", world.path()), &issued.certificate);
            write(&format!("{}/{name}.key", world.path()), &issued.key);
        }
        // A build record: it ended so, or runs.
        ["build", app, id, end] => record(world, app, id, end),
        engine => of_engine(world, engine, text, &place),
    }
}

/// What the engine has, and what it will answer.
fn of_engine(world: &World, words: &[&str], text: String, place: &str) {
    match words {
        ["image", name] => drop(world.docker.have_image(name, serving())),
        ["network", name] => assert_eq!(world.say(&["network:create", name], b"").status, 0, "{place}"),
        // A container that runs beside the apps and has written this: the log shipper, for one.
        ["beside", name] => {
            let mut plan = RunPlan::of_image(format!("{name}:latest"));
            plan.name = Some(format!("{name}-{name}-1"));
            plan.label.insert("com.docker.compose.project".to_owned(), (*name).to_owned());
            world
                .docker
                .plan_run(&format!("{name}-{name}-1"), PlannedRun { stdout: text, ..PlannedRun::default() });
            platform::runtime().expect("a runtime").block_on(async {
                let id = world.docker.create_container(&plan).await.expect("made");
                world.docker.start_container(&id).await.expect("started");
            });
        }
        ["ended", container, status] => world.docker.end_container(container, status.parse().unwrap()),
        // The next build, the next container of that name or image, the next program in a container.
        ["next", "build"] => {
            world.docker.plan_build(PlannedBuild { image: serving(), ..PlannedBuild::default() })
        }
        ["next", "build", "fails"] => {
            world.docker.plan_build(PlannedBuild { error: Some(text), ..PlannedBuild::default() });
        }
        ["next", "run", name, status] => {
            let run =
                PlannedRun { stdout: text, exit: Some(status.parse().unwrap()), ..PlannedRun::default() };
            world.docker.plan_run(name, run);
        }
        ["next", "run", name] => {
            world.docker.plan_run(name, PlannedRun { stdout: text, ..PlannedRun::default() });
        }
        ["next", "exec", status] => {
            let exec =
                PlannedExec { stdout: text, status: status.parse().unwrap(), ..PlannedExec::default() };
            world.docker.plan_exec(exec);
        }
        // The next call to the engine that begins so fails with these words.
        ["next", call @ .., "fails"] => {
            let error = DockerError::Other(Fault::new(text.trim_end()));
            world.docker.plan_fault(&call.join(" "), error);
        }
        // From now on nginx refuses what it is given.
        ["nginx", "refuses"] => world.proxy.refuse(text.trim_end()),
        _ => panic!("{place}: stage.rs knows nothing of `given {}`", words.join(" ")),
    }
}

fn serving() -> Image {
    let mut image = Image::default();
    image.config.cmd = vec!["serve".to_owned()];
    image.config.working_dir = "/app".to_owned();
    image
}

fn write(path: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(path);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
    fs::write(&path, text).expect("a file");
    path
}

fn code(world: &World, app: &str, fixture: &str) {
    assert_eq!(world.say(&["git:initialize", app], b"").status, 0);
    let repository = Repository::of(fixture);
    // Made at one and the same time, its commit has one number wherever the test runs.
    let time = "2026-01-02T03:04:05Z";
    let again = ["commit", "-q", "--amend", "--no-edit", "--date", time];
    repository.git_with(&again, &[("GIT_COMMITTER_DATE", time)]).ok();
    let (from, to) = (repository.path().display().to_string(), world.layout.root.join(app));
    repository.git(&["-C", &to.display().to_string(), "fetch", "-q", &from, "main:master"]).ok();
}

fn record(world: &World, app: &str, id: &str, end: &str) {
    let app: AppName = app.parse().expect("a name");
    // By a process that is always there, and that has one number everywhere.
    let first = ProcessMark::of(1).expect("the first process of all");
    let record =
        Record::begin(&app, id, Source::GitHook, "2026-01-02T03:00:00Z".parse().unwrap()).done_by(&first);
    builds::start(&world.layout, &app, &record).expect("writable");
    fs::write(builds::log_path(&world.layout, &app, id), format!("log of {id}\n")).expect("writable");
    let status = match end {
        "runs" => return,
        "succeeded" => 0,
        "failed" => 1,
        other => panic!("a build that {other}"),
    };
    let ended = "2026-01-02T03:01:03Z".parse().unwrap();
    builds::finish(&world.layout, &app, id, End::with(status), ended).expect("writable");
}
