//! What is done between pushes, on a real engine: scaling under load, tasks that overlap, processes that hang, a kill in the
//! middle of each.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::appliance::docker;
use crate::support::wait::{until_agreed, until_true};
use crate::support::{Appliance, Repository};

/// Serves, without words of its own about checks: an app of this size is up in no time.
fn served(dokku: &Appliance, word: &str, app_json: &str) -> (String, Repository) {
    let (app, repository) = (dokku.app(word), Repository::of("hello"));
    repository.write("app.json", app_json).commit(word);
    dokku.dokku(&["apps:create", &app]).ok();
    dokku.dokku(&["scheduler:set", &app, "shell", "/bin/sh"]).ok();
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    (app, repository)
}

/// Asks all the time while something is done; what was not answered well from when `act` says that all is up. Until a switch is
/// over, the routes of before answer too.
fn visited(dokku: &Appliance, app: &str, act: impl FnOnce(&AtomicBool)) -> Vec<String> {
    struct StopAtEnd<'a>(&'a AtomicBool);
    impl Drop for StopAtEnd<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let (stop, is_up, answered) = (AtomicBool::new(false), AtomicBool::new(false), AtomicU32::new(0));
    let failures: Vec<String> = thread::scope(|scope| {
        let visit = || {
            let mut failures = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let counts = is_up.load(Ordering::Relaxed);
                match dokku.get(app, "/") {
                    Ok(answer) if answer.status == 200 => drop(answered.fetch_add(1, Ordering::Relaxed)),
                    other if counts => failures.push(format!("{other:?}")),
                    _nobody_is_there_yet => {}
                }
                thread::sleep(Duration::from_millis(10));
            }
            failures
        };
        let visitors: Vec<_> = (0..4).map(|_| scope.spawn(visit)).collect();
        {
            let _stop = StopAtEnd(&stop);
            act(&is_up);
        }
        visitors.into_iter().flat_map(|visitor| visitor.join().expect("no panic")).collect()
    });
    assert!(answered.load(Ordering::Relaxed) > 0, "nobody was answered");
    failures
}

/// Kills the container with all in it, and starts it again; when that was.
fn crash(dokku: &Appliance) -> Instant {
    docker(&["kill", "-s", "KILL", &dokku.name()]).ok();
    docker(&["start", &dokku.name()]).ok();
    Instant::now()
}

/// How many web processes are wanted, and how many containers serve: those on record, which run.
fn wanted_and_there(dokku: &Appliance, app: &str) -> (usize, usize) {
    let scale = dokku.dokku(&["--quiet", "ps:scale", app]).ok().out;
    let wanted = scale.lines().find_map(|line| line.trim().strip_prefix("web:")?.trim().parse().ok());
    let report = dokku.dokku(&["ps:report", app]).ok().out;
    let there = report.lines().filter(|line| line.contains("Status web") && line.contains("running")).count();
    (wanted.unwrap_or(0), there)
}

/// What is wanted runs soon after the start.
fn agrees_soon(dokku: &Appliance, app: &str, started: Instant) {
    until_agreed(started, "what is wanted runs", || {
        dokku.health().status == 0 && {
            let (wanted, there) = wanted_and_there(dokku, app);
            wanted == there && wanted > 0
        }
    });
}

#[test]
fn an_app_is_scaled_under_load_and_no_request_fails() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, _) = served(&dokku, "scaled", "{}");
    dokku.dokku(&["checks:set", &app, "wait-to-retire", "2"]).ok();
    dokku.dokku(&["ps:scale", &app, "web=0"]).ok();
    assert_eq!(dokku.get(&app, "/").expect("nginx answers").status, 502);
    let failures = visited(&dokku, &app, |is_up| {
        dokku.dokku(&["ps:scale", &app, "web=5"]).ok();
        is_up.store(true, Ordering::Relaxed);
        dokku.dokku(&["ps:scale", &app, "web=2"]).ok();
        until_true(60, "the others are gone", || dokku.containers(&app).len() == 2);
        dokku.dokku(&["ps:scale", &app, "web=5"]).ok();
        until_true(60, "five are left", || dokku.containers(&app).len() == 5);
    });
    assert!(failures.is_empty(), "{} requests failed, the first: {}", failures.len(), failures[0]);

    // Killed in the middle of it.
    let name = dokku.name();
    let words = ["exec", &name, "dokku", "ps:scale", &app, "web=8"].map(str::to_owned);
    let scaling = thread::spawn(move || docker(&words.each_ref().map(String::as_str)));
    until_true(30, "a container more is there", || dokku.containers(&app).len() > 5);
    let started = crash(&dokku);
    scaling.join().expect("no panic");
    agrees_soon(&dokku, &app, started);
    assert_eq!(wanted_and_there(&dokku, &app).0, 5, "the change is undone");
    until_true(30, "nothing is left of it", || dokku.containers(&app).len() == 5);
    assert_eq!(dokku.get(&app, "/").expect("an answer").status, 200);
}

#[test]
fn a_release_task_that_fails_or_is_killed_changes_nothing() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = served(&dokku, "release", "{}");
    let before = dokku.containers(&app);
    let web = "web: sh -c 'exec httpd -f -p $PORT -h /www'\n";
    repository
        .write("Procfile", &format!("{web}release: sh -c 'echo cannot migrate; exit 5'\n"))
        .commit("fails");
    dokku.push(&repository, &app).fails().says("cannot migrate");
    assert_eq!(dokku.containers(&app), before);
    dokku.wait_page(&app, "pushed with git");

    repository.write("Procfile", &format!("{web}release: sleep 600\n")).commit("hangs");
    let mut client = dokku.git_started(&repository, &["push", &dokku.url(&app), "main"]);
    let all = || {
        let label = format!("label=com.dokku.app-name={app}");
        docker(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &label]).ok().out.lines().count()
    };
    until_true(60, "the task runs", || all() > 1);
    let started = crash(&dokku);
    client.wait().expect("it ended");
    agrees_soon(&dokku, &app, started);
    until_true(30, "nothing is left of it", || all() == 1);
    assert_eq!(dokku.containers(&app), before);
    assert_eq!(dokku.get(&app, "/").expect("an answer").status, 200);
}

/// Lives until somebody says that it is sick; a start heals it. Asked to stop it takes its time.
const MORTAL: &str =
    "web: sh -c 'rm -f /tmp/sick; trap : TERM; httpd -f -p $PORT -h /www & while :; do wait; done'\n";

#[test]
fn a_process_that_hangs_is_restarted_and_the_history_says_why() {
    let Some(dokku) = Appliance::start() else { return };
    let check = r#"{"healthchecks": {"web": [
        {"type": "liveness", "name": "alive", "command": ["test", "!", "-e", "/tmp/sick"], "attempts": 2, "wait": 1}
    ]}}"#;
    let (app, repository) = served(&dokku, "mortal", check);
    repository.write("Procfile", MORTAL).commit("mortal");
    dokku.dokku(&["ps:set", &app, "stop-timeout-seconds", "3"]).ok();
    dokku.dokku(&["checks:set", &app, "wait-to-retire", "1"]).ok();
    dokku.push(&repository, &app).ok();
    until_true(60, "one container is left", || dokku.containers(&app).len() == 1);
    let before = dokku.containers(&app);
    dokku.dokku(&["enter", &app, "web", "touch", "/tmp/sick"]).ok();
    let history = || dokku.dokku(&["ps:history", &app]).ok().out;
    until_true(20, "it is restarted", || history().contains("restarted"));
    until_true(20, "it is well again", || {
        dokku.dokku(&["enter", &app, "web", "test", "!", "-e", "/tmp/sick"]).status == 0
    });
    assert_eq!(dokku.containers(&app), before, "it is the same container");
    dokku.wait_page(&app, "pushed with git");
    assert!(
        history().contains("liveness check 'alive' failed 2 times: non-zero exit code 1"),
        "{}",
        history()
    );
    until_true(20, "its end is known", || history().contains("137"));
    assert_eq!(history().lines().count(), 2, "once: {}", history());

    // The server is killed while the container stops; the next restart is ten seconds after the first.
    dokku.dokku(&["enter", &app, "web", "touch", "/tmp/sick"]).ok();
    until_true(40, "it is restarted again", || history().lines().count() == 3);
    agrees_soon(&dokku, &app, crash(&dokku));
    assert_eq!(dokku.containers(&app), before);
    dokku.wait_page(&app, "pushed with git");
}

#[test]
fn tasks_that_overlap_do_what_their_policy_says() {
    let Some(dokku) = Appliance::start() else { return };
    // Each has a command of its own, and so a number of its own.
    let task = |(at, policy): (usize, &str)| {
        format!(r#"{{"command": "sleep 30{at}", "schedule": "0 0 1 1 *", "concurrency_policy": "{policy}"}}"#)
    };
    let tasks: Vec<String> = ["allow", "forbid", "replace"].into_iter().enumerate().map(task).collect();
    let (app, _) = served(&dokku, "overlap", &format!(r#"{{"cron": [{}]}}"#, tasks.join(",")));
    let list: serde_json::Value =
        serde_json::from_str(&dokku.dokku(&["cron:list", &app, "--format", "json"]).ok().out).expect("JSON");
    let id = |at: usize| list[at]["id"].as_str().expect("an id").to_owned();
    let running = |at: usize| {
        let label = format!("label=com.dokku.cron-id={}", id(at));
        docker(&["ps", "--quiet", "--no-trunc", "--filter", &label]).ok().out
    };
    let run = |at: usize| dokku.dokku(&["cron:run", "--detach", &app, &id(at)]);
    (0..3).for_each(|at| drop(run(at).ok()));
    let first = running(2);
    run(0).ok();
    run(1).fails().says("currently has a cron lock in place");
    run(2).ok().says("Replacing running container");
    assert_eq!((running(0).lines().count(), running(1).lines().count()), (2, 1));
    until_true(20, "the first is replaced", || running(2).lines().count() == 1 && running(2) != first);
    let history = || dokku.dokku(&["cron:history", &app]).ok().out;
    assert!(history().contains("skipped") && !history().contains("failed"), "{}", history());

    // One that somebody attends to, and then nobody.
    docker(&["rm", "-f", running(1).trim()]).ok();
    docker(&["exec", "-d", &dokku.name(), "dokku", "cron:run", &app, &id(1)]).ok();
    until_true(20, "it runs", || !running(1).is_empty());
    assert!(history().contains("running"), "{}", history());
    agrees_soon(&dokku, &app, crash(&dokku));
    assert!(history().contains("abandoned"), "{}", history());
    run(1).fails().says("currently has a cron lock in place");
    dokku.dokku(&["apps:destroy", "--force", &app]).ok();
    until_true(20, "nothing of it is left", || (0..3).all(|at| running(at).is_empty()));
}

/// At a terminal, and without one.
#[test]
fn a_prompt_takes_lines_by_ssh() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.inside_with(&["dokku", "shell"], b"version\napps:create prompted\n").ok().says("dokku version");
    dokku.ssh(&["apps:exists", "prompted"]).ok();
    let typed = "printf 'apps:list\\nexit\\n' | script -qec 'dokku shell' /dev/null";
    let begun = Instant::now();
    dokku.inside(&["sh", "-c", typed]).ok().says("dokku>").says("prompted");
    assert!(begun.elapsed() < Duration::from_secs(20), "it ends");
}
