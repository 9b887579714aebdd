//! A bad deploy, and the way back: while visitors keep coming, and when something is killed on the way.

use std::time::Instant;

use crate::support::appliance::{docker, free_port};
use crate::support::load::Load;
use crate::support::wait::{until_agreed, until_true};
use crate::support::{Appliance, Repository};

/// An app with a good release and, live now, a bad one that also has other config, scale and ports.
fn with_bad_release() -> Option<(Appliance, String)> {
    let dokku = Appliance::start()?;
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.dokku(&["apps:create", &app]).ok();
    dokku.dokku(&["config:set", &app, "LEVEL=good"]).ok();
    dokku.push(&repository, &app).ok();
    dokku.dokku(&["ps:scale", &app, "web=2"]).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.dokku(&["config:set", "--no-restart", &app, "LEVEL=bad", "ONLY_BAD=1"]).ok();
    dokku.dokku(&["ps:scale", "--skip-deploy", &app, "web=1"]).ok();
    repository.write("www/index.html", "everything is wrong").commit("a mistake");
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "everything is wrong");
    let port = dokku.dokku(&["ports:report", &app, "--ports-map-detected"]).ok().out.trim().to_owned();
    dokku.dokku(&["ports:set", &app, &port, &format!("http:{}:5000", free_port())]).ok();
    Some((dokku, app))
}

/// The page, config, scale and ports are all those of the good release, or all those of the bad one.
fn state(dokku: &Appliance, app: &str) -> String {
    let page = dokku.get(app, "/").map(|answer| answer.body).unwrap_or_default();
    let page = if page.contains("wrong") { "bad" } else { "good" };
    let level = dokku.dokku(&["config:get", app, "LEVEL"]).out;
    let scale = dokku.dokku(&["ps:scale", app]).out;
    let scale =
        scale.lines().find_map(|line| line.strip_prefix("web:")).unwrap_or_default().trim().to_owned();
    let ports = dokku.dokku(&["ports:report", app, "--ports-map"]).out.split_whitespace().count() == 2;
    let filter = [format!("label=com.dokku.app-name={app}"), "status=running".to_owned()];
    let image =
        dokku.docker(&["ps", "--filter", &filter[0], "--filter", &filter[1], "--format", "{{.Names}}"]).out;
    let upcoming = image.lines().filter(|name| name.contains("upcoming")).count();
    format!("page {page}, config {}, scale {scale}, ports {ports}, upcoming {upcoming}", level.trim())
}

const BAD: &str = "page bad, config bad, scale 1, ports true, upcoming 0";
const GOOD: &str = "page good, config good, scale 2, ports false, upcoming 0";

#[test]
fn a_bad_deploy_is_taken_back_under_load_without_a_failed_request() {
    let Some((dokku, app)) = with_bad_release() else { return };
    assert_eq!(state(&dokku, &app), BAD);
    let load = Load::on(dokku.ports[1], &format!("{app}.localhost"));
    let begun = Instant::now();
    let ran = dokku.ssh(&["releases:rollback", &app]).ok();
    let took = begun.elapsed();
    dokku.wait_page(&app, "pushed with git");
    // Until the old containers are gone.
    until_true(30, "two containers are left", || dokku.containers(&app).len() == 2);
    let answered = load.ends_without_failure();
    eprintln!("the rollback took {took:?}, {answered} requests were answered");
    ran.says("config: LEVEL changed, ONLY_BAD removed")
        .says("scale: web=1 -> web=2")
        .says("The branch main still");
    assert_eq!(state(&dokku, &app), GOOD);
    dokku.ssh(&["releases:list", &app]).ok().says("current  ").says("releases:rollback 2");
    dokku.dokku(&["config:get", &app, "ONLY_BAD"]).fails();
    // The way is open in the other direction as well, though its containers are long gone.
    dokku.ssh(&["releases:rollback", &app, "3"]).ok();
    dokku.wait_page(&app, "everything is wrong");
    assert_eq!(state(&dokku, &app), BAD);
}

/// Starts a rollback and lets it come as far as that line.
fn begun(dokku: &Appliance, app: &str, line: &str) -> std::process::Child {
    let log = format!("/tmp/rollback-{app}.log");
    let command = format!("exec dokku --trace releases:rollback {app} >{log} 2>&1");
    let client = std::env::var("DOCKER").unwrap_or_else(|_| "docker".into());
    let child =
        crate::support::shell::timed(120, &[&client, "exec", &dokku.name(), "sh", "-c", &command], &[])
            .spawn()
            .expect("docker starts");
    until_true(60, line, || dokku.inside(&["cat", &log]).out.contains(line));
    child
}

#[test]
fn a_rollback_whose_command_is_killed_is_settled_within_seconds() {
    for line in ["deploy step: start", "deploy step: switch", "deploy step: watch", "deploy step: retire"] {
        let Some((dokku, app)) = with_bad_release() else { return };
        let mut child = begun(&dokku, &app, line);
        dokku.inside(&["sh", "-c", "kill -9 $(pgrep -f 'dokku --trace releases:rollback')"]);
        let killed = Instant::now();
        let agrees = |state: &str| state == BAD || state == GOOD;
        until_true(20, "declared and actual state agree", || agrees(&state(&dokku, &app)));
        let intent = format!("/var/lib/dokku/data/deploys/{app}/intent.json");
        let what = format!("killed at {line:?}, nothing is left half-way");
        until_agreed(killed, &what, || dokku.inside(&["test", "-e", &intent]).status != 0);
        let seen = state(&dokku, &app);
        assert!(agrees(&seen), "killed at {line}: {seen}");
        child.wait().expect("it ended");
        dokku.ssh(&["releases:rollback", &app, "2"]).ok();
        assert_eq!(state(&dokku, &app), GOOD);
    }
}

#[test]
fn a_rollback_that_dies_with_the_whole_appliance_is_settled_at_its_next_start() {
    for line in ["deploy step: start", "deploy step: switch", "deploy step: retire"] {
        let Some((dokku, app)) = with_bad_release() else { return };
        let mut child = begun(&dokku, &app, line);
        docker(&["kill", "-s", "KILL", &dokku.name()]).ok();
        child.wait().expect("it ended");
        docker(&["start", &dokku.name()]).ok();
        let started = Instant::now();
        let agrees = |state: &str| state == BAD || state == GOOD;
        let intent = format!("/var/lib/dokku/data/deploys/{app}/intent.json");
        until_agreed(started, &format!("killed at {line:?}, declared and actual state agree"), || {
            dokku.health().status == 0
                && dokku.inside(&["test", "-e", &intent]).status != 0
                && agrees(&state(&dokku, &app))
        });
    }
}
