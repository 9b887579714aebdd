//! Containers, images, networks and volumes: the same on the engine in memory and on a real one.

use std::sync::Arc;
use std::time::Duration;

use dokku::model::RunPlan;
use dokku::model::run_plan::{NetworkJoin, RestartPolicy};
use dokku::platform::docker::*;
use futures_util::{FutureExt, StreamExt};
use tokio::time::timeout;

use crate::support::FakeDocker;
use crate::support::appliance::run_id;
use crate::support::fake_docker::{PlannedExec, PlannedRun};

/// The small image that tests/run.sh makes where no registry has it.
pub const BASE: &str = "busybox:latest";

/// No answer of an engine takes longer.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// An engine under test, and a name that no other test has.
pub struct Bench {
    pub docker: Arc<dyn Docker>,
    pub fake: Option<FakeDocker>,
    pub run: String,
}

impl Bench {
    pub fn fake() -> Self {
        let fake = FakeDocker::new();
        fake.have_image(BASE, Image::default());
        Bench {
            docker: Arc::new(fake.clone()),
            fake: Some(fake),
            run: format!("dokku-contract-{}", run_id()),
        }
    }

    /// The machine's engine; none where it does not answer or lacks the base image.
    pub async fn real() -> Option<Self> {
        let docker = Arc::new(Engine::new(Engine::SOCKET).that_builds());
        if let Err(error) = docker.inspect_image(BASE).await {
            println!("SKIPPED on a real engine: {error}");
            return None;
        }
        Some(Bench { docker, fake: None, run: format!("dokku-contract-{}", run_id()) })
    }

    /// What a container of this name does when it is started: the real one runs a shell, the fake is told.
    fn says(&self, name: &str, script: &str, run: PlannedRun) -> RunPlan {
        if let Some(fake) = &self.fake {
            fake.plan_run(name, run);
        }
        let mut plan = RunPlan::of_image(BASE);
        plan.name = Some(name.to_owned());
        plan.command = ["sh", "-c", script].map(str::to_owned).to_vec();
        plan.label.insert("dokku.test".into(), self.run.clone());
        plan
    }

    /// A container that runs until it is stopped.
    fn sleeper(&self, name: &str) -> RunPlan {
        let mut plan = RunPlan::of_image(BASE);
        plan.name = Some(name.to_owned());
        // As PID 1 a shell would not hear TERM.
        plan.command = ["sh", "-c", "trap 'exit 143' TERM; while :; do sleep 1 & wait $!; done"]
            .map(str::to_owned)
            .to_vec();
        plan.label.insert("dokku.test".into(), self.run.clone());
        plan
    }

    /// The same engine, working for an owner that no other test has.
    fn owned_by(&self, name: &str) -> Arc<dyn Docker> {
        let id = format!("{}-{name}", self.run);
        match &self.fake {
            Some(fake) => Arc::new(fake.owned_by(&id)),
            None => Arc::new(Engine::new(Engine::SOCKET).that_builds().owned_by(Owner::of_id(&id))),
        }
    }

    fn filter(&self) -> Filter {
        Filter::label(format!("dokku.test={}", self.run))
    }

    /// Removes what the test made, whatever became of it.
    pub async fn clean(&self) {
        for found in self.docker.list_containers(&self.filter()).await.unwrap_or_default() {
            let how = RemoveContainer { force: true, volumes: true };
            let _ = self.docker.remove_container(&found.id, how).await;
        }
        for found in self.docker.list_networks(&self.filter()).await.unwrap_or_default() {
            let _ = self.docker.remove_network(&found.id).await;
        }
        for found in self.docker.list_volumes(&self.filter()).await.unwrap_or_default() {
            let _ = self.docker.remove_volume(&found.name).await;
        }
        for found in self.docker.list_images(&self.filter()).await.unwrap_or_default() {
            let how = RemoveImage { force: true, ..RemoveImage::default() };
            let _ = self.docker.remove_image(&found.id, how).await;
        }
    }
}

/// A check is one async function; it becomes a test on the fake and one on a real engine.
macro_rules! contract {
    ($($name:ident)*) => { $(mod $name {
        #[test]
        fn on_the_fake() {
            super::on(async { Some(super::Bench::fake()) }, |bench| Box::pin(super::$name(bench)));
        }
        #[test]
        fn on_a_real_engine() {
            super::on(super::Bench::real(), |bench| Box::pin(super::$name(bench)));
        }
    })* };
}

contract! {
    a_container_lives_from_create_to_remove
    output_keeps_its_two_streams_apart
    what_is_not_there_is_told_from_what_is_in_the_way
    a_container_is_reached_by_its_aliases_in_several_networks
    a_program_runs_in_a_container
    a_commit_makes_an_image_with_labels
    who_lets_go_of_a_change_can_wait_for_its_end
    names_of_images_move
    events_tell_of_a_start_and_an_end
    a_volume_is_made_once
    files_go_in_and_out
    the_engine_tells_of_itself
    a_container_can_remove_itself
    a_container_stands_still_and_goes_on
    only_what_fits_is_pruned
    what_belongs_to_another_is_not_seen
    an_image_made_from_another_takes_it_along
}

fn on(
    bench: impl Future<Output = Option<Bench>>,
    check: for<'a> fn(&'a Bench) -> std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>,
) {
    let runtime = dokku::platform::runtime().expect("a runtime");
    runtime.block_on(async {
        let Some(bench) = bench.await else { return };
        let done = timeout(DEADLINE, async {
            // What a failing check leaves behind must go too.
            std::panic::AssertUnwindSafe(check(&bench)).catch_unwind().await
        })
        .await;
        bench.clean().await;
        match done.expect("the engine answers in time") {
            Ok(()) => {}
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
}

async fn a_container_lives_from_create_to_remove(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.web.1", bench.run));
    let mut plan = bench.sleeper(&name);
    plan.env = vec!["A=b c".into()];
    plan.workdir = Some("/tmp".into());
    plan.limits.memory = Some(64 << 20);
    plan.restart = Some(RestartPolicy::OnFailure(Some(3)));
    let id = docker.create_container(&plan).await.unwrap();
    let made = docker.inspect_container(&name).await.unwrap();
    assert_eq!((made.id.as_str(), made.name.as_str()), (id.as_str(), name.as_str()));
    assert_eq!(made.state.status, "created");
    assert_eq!(made.label("dokku.test"), Some(bench.run.as_str()));
    assert!(made.config.env.contains(&"A=b c".to_owned()), "{:?}", made.config.env);
    assert_eq!(made.config.working_dir, "/tmp");
    assert_eq!((made.config.image.as_str(), made.host_config.memory), (BASE, 64 << 20));
    assert_eq!(made.host_config.restart_policy.name, "on-failure");

    docker.start_container(&name).await.unwrap();
    docker.start_container(&name).await.expect("starting twice is fine");
    let running = docker.inspect_container(&id).await.unwrap();
    assert!(running.state.running && running.state.pid > 0 && running.state.started_at.is_some());
    let listed = docker.list_containers(&bench.filter().and("status", "running")).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].name(), listed[0].state.as_str()), (name.as_str(), "running"));
    assert!(listed[0].status.starts_with("Up "), "{}", listed[0].status);
    let addresses: Vec<&str> = listed[0].networks().values().map(|joined| joined.ip.as_str()).collect();
    assert!(addresses.len() == 1 && addresses[0].starts_with("172."), "{addresses:?}");
    let json = docker.inspect_container_json(&name).await.unwrap();
    assert_eq!(json["Name"], format!("/{name}"));

    let other = format!("{name}.old");
    docker.rename_container(&name, &other).await.unwrap();
    let waiting = docker.wait_container(&other, Until::NextExit).await.unwrap();
    docker.stop_container(&other, Some(10)).await.unwrap();
    docker.stop_container(&other, Some(10)).await.expect("stopping twice is fine");
    assert_eq!(waiting.await.unwrap(), 143);
    let ended = docker.inspect_container(&other).await.unwrap();
    assert_eq!((ended.state.status.as_str(), ended.state.exit_code), ("exited", 143));
    docker.remove_container(&other, RemoveContainer::default()).await.unwrap();
    assert!(docker.inspect_container(&other).await.unwrap_err().is_not_found());
    docker.remove_container(&other, RemoveContainer::default()).await.or_gone().unwrap();
}

async fn output_keeps_its_two_streams_apart(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.run", bench.run));
    let run = PlannedRun {
        stdout: "one\ntwo\n".into(),
        stderr: "oops\n".into(),
        exit: Some(7),
        ..PlannedRun::default()
    };
    let plan = bench.says(&name, "echo one; echo two; echo oops >&2; exit 7", run);
    docker.create_container(&plan).await.unwrap();
    let mut attached = docker.attach_container(&name, Attach::default()).await.unwrap();
    let waiting = docker.wait_container(&name, Until::NextExit).await.unwrap();
    docker.start_container(&name).await.unwrap();
    assert_eq!(waiting.await.unwrap(), 7);
    let (stdout, stderr) = read(&mut attached.output).await;
    assert_eq!((stdout.as_str(), stderr.as_str()), ("one\ntwo\n", "oops\n"));

    let mut logs = docker.container_logs(&name, &Logs::default()).await.unwrap();
    assert_eq!(read(&mut logs).await, (stdout, stderr));
    let stdout_alone = Logs { no_stderr: true, ..Logs::default() };
    let mut logs = docker.container_logs(&name, &stdout_alone).await.unwrap();
    assert_eq!(read(&mut logs).await, ("one\ntwo\n".to_owned(), String::new()));
    let nothing = Logs { tail: Some(0), ..Logs::default() };
    let mut logs = docker.container_logs(&name, &nothing).await.unwrap();
    assert_eq!(read(&mut logs).await, (String::new(), String::new()));
    let at_once = docker.wait_container(&name, Until::NotRunning).await.unwrap();
    assert_eq!(at_once.await.unwrap(), 7);
}

async fn what_is_not_there_is_told_from_what_is_in_the_way(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.web.1", bench.run));
    let gone = format!("{}-nothing", bench.run);
    assert!(docker.inspect_image(&gone).await.unwrap_err().is_not_found());
    assert!(docker.inspect_container(&gone).await.unwrap_err().is_not_found());
    assert!(docker.inspect_network(&gone).await.unwrap_err().is_not_found());
    assert!(docker.start_container(&gone).await.unwrap_err().is_not_found());
    assert!(docker.create_container(&RunPlan::of_image(&gone)).await.unwrap_err().is_not_found());
    docker.create_container(&bench.sleeper(&name)).await.unwrap();
    assert!(docker.create_container(&bench.sleeper(&name)).await.unwrap_err().is_conflict());
    assert!(docker.kill_container(&name, "TERM").await.unwrap_err().is_conflict());
    docker.start_container(&name).await.unwrap();
    let refused = docker.remove_container(&name, RemoveContainer::default()).await.unwrap_err();
    assert!(refused.is_conflict(), "{refused}");
    docker.remove_container(&name, RemoveContainer { force: true, volumes: true }).await.unwrap();
}

async fn a_container_is_reached_by_its_aliases_in_several_networks(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.web.1", bench.run));
    let networks = [format!("{}-a", bench.run), format!("{}-b", bench.run)];
    for network in &networks {
        let labels = [("dokku.test".to_owned(), bench.run.clone())].into();
        let plan = NetworkPlan { name: network.clone(), labels, ..NetworkPlan::default() };
        docker.create_network(&plan).await.unwrap();
        assert!(docker.create_network(&plan).await.unwrap_err().is_conflict());
    }
    let mut plan = bench.sleeper(&name);
    plan.network = networks
        .iter()
        .map(|network| NetworkJoin { aliases: vec!["app.web".into()], ..NetworkJoin::named(network.clone()) })
        .collect();
    docker.create_container(&plan).await.unwrap();
    docker.start_container(&name).await.unwrap();
    let running = docker.inspect_container(&name).await.unwrap();
    assert_eq!(running.networks().len(), 2);
    for network in &networks {
        let joined = &running.networks()[network];
        assert!(joined.aliases.contains(&"app.web".to_owned()), "{:?}", joined.aliases);
        assert!(!joined.ip.is_empty() && !joined.gateway.is_empty(), "{joined:?}");
    }
    let members = docker.inspect_network(&networks[0]).await.unwrap().containers;
    assert_eq!(members.values().map(|member| member.name.as_str()).collect::<Vec<_>>(), [name.as_str()]);
    docker.disconnect_network(&networks[1], &name, false).await.unwrap();
    docker.connect_network(&NetworkJoin::named("bridge"), &name).await.unwrap();
    let moved = docker.inspect_container(&name).await.unwrap();
    assert_eq!(moved.networks().keys().collect::<Vec<_>>(), ["bridge", networks[0].as_str()]);
    assert!(docker.remove_network(&networks[0]).await.is_err(), "a member runs");
}

async fn a_program_runs_in_a_container(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.web.1", bench.run));
    docker.create_container(&bench.sleeper(&name)).await.unwrap();
    let command = ["sh", "-c", "echo $A; echo oops >&2; exit 3"].map(str::to_owned).to_vec();
    let plan = ExecPlan { command, env: vec!["A=hello".into()], ..ExecPlan::default() };
    assert!(docker.exec(&name, &plan).await.unwrap_err().is_conflict(), "it does not run yet");
    docker.start_container(&name).await.unwrap();
    if let Some(fake) = &bench.fake {
        fake.plan_exec(PlannedExec {
            stdout: "hello\n".into(),
            stderr: "oops\n".into(),
            status: 3,
            ..PlannedExec::default()
        });
    }
    let mut exec = docker.exec(&name, &plan).await.unwrap();
    let (stdout, stderr) = read(&mut exec.attached.output).await;
    assert_eq!((stdout.as_str(), stderr.as_str()), ("hello\n", "oops\n"));
    assert_eq!(exec_end(&**docker, &exec.id).await.unwrap(), 3);
    // One that closes its output goes on without it.
    let command = ["sh", "-c", "exec >&- 2>&-; sleep 1; exit 5"].map(str::to_owned).to_vec();
    if let Some(fake) = &bench.fake {
        fake.plan_exec(PlannedExec { status: 5, lingers: 3, ..PlannedExec::default() });
    }
    let mut exec = docker.exec(&name, &ExecPlan { command, ..ExecPlan::default() }).await.unwrap();
    read(&mut exec.attached.output).await;
    assert_eq!(exec_end(&**docker, &exec.id).await.unwrap(), 5);
}

async fn a_commit_makes_an_image_with_labels(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.run", bench.run));
    docker.create_container(&bench.sleeper(&name)).await.unwrap();
    let image = format!("{}:committed", bench.run);
    let changes = vec!["LABEL dokku.extra=yes".to_owned()];
    let plan = CommitPlan { name: Some(image.clone()), changes, no_pause: false };
    let id = docker.commit_container(&name, &plan).await.unwrap();
    let made = docker.inspect_image(&image).await.unwrap();
    assert_eq!((made.id.as_str(), made.label("dokku.extra")), (id.as_str(), Some("yes")));
    docker.remove_image(&image, RemoveImage::default()).await.unwrap();
    assert!(docker.inspect_image(&image).await.unwrap_err().is_not_found());
}

async fn who_lets_go_of_a_change_can_wait_for_its_end(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.run", bench.run));
    docker.ping().await.unwrap();
    // Asked once, and dropped.
    let _ = docker.create_container(&bench.sleeper(&name)).now_or_never();
    docker.changes_end().await;
    assert_eq!(docker.list_containers(&bench.filter()).await.unwrap().len(), 1);
    let _ = docker.rename_container(&name, &format!("{name}-new")).now_or_never();
    docker.changes_end().await;
    assert!(docker.inspect_container(&format!("{name}-new")).await.is_ok());
}

async fn names_of_images_move(bench: &Bench) {
    let docker = &bench.docker;
    let (first, second) = (format!("{}:a", bench.run), format!("{}:b", bench.run));
    docker.tag_image(BASE, &first).await.unwrap();
    docker.tag_image(&first, &second).await.unwrap();
    let base = docker.inspect_image(BASE).await.unwrap();
    assert!(base.repo_tags.contains(&first) && base.repo_tags.contains(&second), "{:?}", base.repo_tags);
    let layers = docker.image_layers(&first).await.unwrap();
    assert_eq!(layers, docker.image_layers(BASE).await.unwrap());
    assert!(!layers.is_empty() && layers.iter().all(|layer| layer.size <= base.size), "{layers:?}");
    assert!(docker.image_layers("nobody/has-this").await.unwrap_err().is_not_found());
    docker.remove_image(&first, RemoveImage::default()).await.unwrap();
    docker.remove_image(&second, RemoveImage::default()).await.unwrap();
    assert!(docker.inspect_image(BASE).await.is_ok(), "only names went");
    assert!(docker.remove_image(&first, RemoveImage::default()).await.unwrap_err().is_not_found());
}

async fn events_tell_of_a_start_and_an_end(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.web.1", bench.run));
    let filter = bench.filter().and("type", "container").and("event", "start").and("event", "die");
    let mut events = docker.events(&filter, None).await.unwrap();
    let run = PlannedRun { exit: Some(5), ..PlannedRun::default() };
    docker.create_container(&bench.says(&name, "exit 5", run)).await.unwrap();
    docker.start_container(&name).await.unwrap();
    let started = events.next().await.expect("an event").unwrap();
    assert_eq!((started.kind.as_str(), started.action.as_str()), ("container", "start"));
    assert_eq!(started.actor.attributes["name"], name);
    let died = events.next().await.expect("an event").unwrap();
    assert_eq!((died.action.as_str(), died.actor.attributes["exitCode"].as_str()), ("die", "5"));
}

async fn a_volume_is_made_once(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}-data", bench.run));
    let labels = [("dokku.test".to_owned(), bench.run.clone())].into();
    let plan = VolumePlan { name: name.clone(), labels, ..VolumePlan::default() };
    let volume = docker.create_volume(&plan).await.unwrap();
    assert!(volume.mountpoint.contains(&name));
    assert_eq!(docker.create_volume(&plan).await.unwrap(), volume);
    assert_eq!(docker.list_volumes(&bench.filter()).await.unwrap(), [volume]);
    docker.remove_volume(&name).await.unwrap();
    assert!(docker.remove_volume(&name).await.unwrap_err().is_not_found());
}

async fn files_go_in_and_out(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.web.1", bench.run));
    let id = docker.create_container(&bench.sleeper(&name)).await.unwrap();
    let archive = archive_of(&[("Procfile", 0o644, b"web: run\n"), ("run", 0o755, b"#!/bin/sh\n")]);
    docker.write_archive(&name, "/tmp", archive).await.unwrap();
    if let Some(fake) = &bench.fake {
        fake.have_file(&id, "/tmp/Procfile", "web: run\n");
    }
    let found = read_file(&**docker, &name, "/tmp/Procfile", 1024).await.unwrap();
    assert_eq!(found.as_deref(), Some(&b"web: run\n"[..]));
    assert_eq!(read_file(&**docker, &name, "/tmp/none", 1024).await.unwrap(), None);
    assert_eq!(read_image_file(&**docker, BASE, "/tmp/Procfile", 1024).await.unwrap(), None);
    let refused = read_file(&**docker, &name, "/tmp/Procfile", 3).await.unwrap_err().to_string();
    assert!(refused.contains("larger than 3 bytes"), "{refused}");
}

async fn the_engine_tells_of_itself(bench: &Bench) {
    let docker = &bench.docker;
    docker.ping().await.unwrap();
    let version = docker.version().await.unwrap();
    assert!(version.api >= ApiVersion::OLDEST && version.api <= ApiVersion::NEWEST, "{version:?}");
    assert!(version.engine.contains('.') && version.os == "linux", "{version:?}");
    let info = docker.info().await.unwrap();
    assert!(!info.id.is_empty() && info.os_type == "linux" && !info.logging_driver.is_empty(), "{info:?}");
    assert!(docker.disk_usage().await.unwrap().images.count >= 1);
    let base = docker.list_images(&Filter::all().and("reference", BASE)).await.unwrap();
    assert_eq!(base.len(), 1);
}

async fn a_container_can_remove_itself(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.run", bench.run));
    let run = PlannedRun { exit: Some(6), ..PlannedRun::default() };
    let mut plan = bench.says(&name, "exit 6", run);
    plan.rm = true;
    docker.create_container(&plan).await.unwrap();
    let removed = docker.wait_container(&name, Until::Removed).await.unwrap();
    docker.start_container(&name).await.unwrap();
    assert_eq!(removed.await.unwrap(), 6);
    assert!(docker.inspect_container(&name).await.unwrap_err().is_not_found());
}

async fn a_container_stands_still_and_goes_on(bench: &Bench) {
    let (docker, name) = (&bench.docker, format!("{}.web.1", bench.run));
    docker.create_container(&bench.sleeper(&name)).await.unwrap();
    docker.update_restart(&name, &RestartPolicy::UnlessStopped).await.unwrap();
    docker.start_container(&name).await.unwrap();
    docker.pause_container(&name).await.unwrap();
    let paused = docker.inspect_container(&name).await.unwrap();
    assert!(paused.state.paused && paused.state.status == "paused", "{:?}", paused.state);
    assert_eq!(paused.host_config.restart_policy.name, "unless-stopped");
    docker.unpause_container(&name).await.unwrap();
    docker.restart_container(&name, Some(5)).await.unwrap();
    assert!(docker.inspect_container(&name).await.unwrap().state.running);
    let ended = docker.wait_container(&name, Until::NextExit).await.unwrap();
    docker.kill_container(&name, "KILL").await.unwrap();
    assert_eq!(ended.await.unwrap(), 137);
}

async fn only_what_fits_is_pruned(bench: &Bench) {
    let docker = &bench.docker;
    let id = docker.create_container(&bench.sleeper(&format!("{}.old", bench.run))).await.unwrap();
    let mut other = bench.sleeper(&format!("{}.other", bench.run));
    other.label.insert("dokku.test.other".into(), bench.run.clone());
    let other = docker.create_container(&other).await.unwrap();
    let filter = Filter::label(format!("dokku.test.other={}", bench.run));
    assert_eq!(docker.prune(Prune::Containers, &filter).await.unwrap().removed, [other]);
    assert!(docker.inspect_container(&id).await.is_ok());
}

async fn what_belongs_to_another_is_not_seen(bench: &Bench) {
    let (here, there) = (bench.owned_by("here"), bench.owned_by("there"));
    let mut made = Vec::new();
    for (docker, name) in [(&here, "here"), (&there, "there"), (&bench.docker, "nobody")] {
        let plan = bench.sleeper(&format!("{}.{name}", bench.run));
        let id = docker.create_container(&plan).await.unwrap();
        let plan = CommitPlan { changes: vec![format!("LABEL made.by={name}")], ..CommitPlan::default() };
        let image = docker.commit_container(&id, &plan).await.unwrap();
        made.push((id, image));
    }
    let seen = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    let listed = here.list_containers(&bench.filter()).await.unwrap();
    let own = seen(vec![made[0].0.clone(), made[2].0.clone()]);
    assert_eq!(seen(listed.into_iter().map(|one| one.id).collect()), own);
    let listed = here.list_images(&bench.filter()).await.unwrap();
    let images = seen(vec![made[0].1.clone(), made[2].1.clone()]);
    assert_eq!(seen(listed.into_iter().map(|one| one.id).collect()), images);

    let pruned = here.prune(Prune::Containers, &bench.filter()).await.unwrap();
    assert_eq!(seen(pruned.removed), own);
    here.prune(Prune::Images, &bench.filter().and("dangling", "true")).await.unwrap();
    let left = bench.docker.list_images(&bench.filter()).await.unwrap();
    assert_eq!(left.into_iter().map(|one| one.id).collect::<Vec<_>>(), [made[1].1.clone()]);
    assert_eq!(there.list_containers(&bench.filter()).await.unwrap().len(), 1);
}

async fn an_image_made_from_another_takes_it_along(bench: &Bench) {
    let docker = &bench.docker;
    let mut made = Vec::new();
    let mut from = BASE.to_owned();
    for name in ["first", "second"] {
        let mut plan = bench.sleeper(&format!("{}.{name}", bench.run));
        plan.image = from;
        let id = docker.create_container(&plan).await.unwrap();
        let plan = CommitPlan { changes: vec![format!("LABEL made.as={name}")], ..CommitPlan::default() };
        from = docker.commit_container(&id, &plan).await.unwrap();
        made.push(from.clone());
        let how = RemoveContainer { force: true, volumes: true };
        docker.remove_container(&id, how).await.unwrap();
    }
    let listed = docker.list_images(&bench.filter()).await.unwrap();
    let parent = listed.iter().find(|image| image.id == made[1]).map(|image| image.parent_id.clone());
    assert_eq!(parent.as_deref(), Some(made[0].as_str()));
    let refused = docker.remove_image(&made[0], RemoveImage::default()).await;
    assert!(matches!(refused, Err(DockerError::Conflict(_))), "{refused:?}");
    docker.remove_image(&made[1], RemoveImage::default()).await.unwrap();
    assert!(matches!(docker.inspect_image(&made[0]).await, Err(DockerError::NotFound(_))));
}

/// Both streams to their end.
pub async fn read(output: &mut ChunkStream) -> (String, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while let Some(chunk) = output.next().await {
        let chunk = chunk.unwrap();
        match chunk.source {
            Source::Stdout => stdout.extend_from_slice(&chunk.bytes),
            Source::Stderr => stderr.extend_from_slice(&chunk.bytes),
        }
    }
    (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}
