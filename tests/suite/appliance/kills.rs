//! Something is killed. Nothing is lost, and nothing is left behind.

use std::time::{Duration, Instant};

use crate::support::appliance::docker;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// A slow build of its own: another text each time, so that no cache shortens it.
fn slow(dokku: &Appliance) -> Repository {
    let repository = Repository::of("slow-build");
    repository.write("www/index.html", &format!("built slowly for {}", dokku.run)).commit("slow");
    repository
}

fn build_is_running(dokku: &Appliance, app: &str) -> bool {
    dokku.dokku(&["builds:list", app]).out.contains("running")
}

#[test]
fn a_client_killed_in_mid_build_misses_a_finished_deploy() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("slow"), slow(&dokku));
    let mut client = dokku.git_started(&repository, &["push", &dokku.url(&app), "main"]);
    until_true(30, "the build runs", || build_is_running(&dokku, &app));
    client.kill().expect("it runs");
    client.wait().expect("it ended");
    dokku.wait_healthy();
    until_true(60, "the build is recorded as succeeded", || {
        dokku.dokku(&["builds:list", &app]).out.contains("succeeded")
    });
    dokku.wait_page(&app, "built slowly");
    assert_eq!(dokku.tips(&app), [repository.revision("HEAD")]);
}

#[test]
fn serve_killed_starts_again_and_no_request_fails() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.inside(&["sh", "-c", "kill -9 $(pgrep -xf 'dokku serve')"]).ok();
    for _ in 0..20 {
        let page = dokku.get(&app, "/").expect("routes do not depend on serve");
        assert_eq!(page.status, 200, "{page:?}");
    }
    dokku.wait_healthy();
    dokku.ssh(&["apps:list"]).ok().says(&app);
}

#[test]
fn nginx_killed_starts_again() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.inside(&["sh", "-c", "kill -9 $(pgrep nginx)"]).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.wait_healthy();
}

#[test]
fn the_container_killed_in_mid_build_leaves_the_old_release_and_no_locks() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("slow");
    dokku.push(&Repository::of("hello"), &app).ok();
    dokku.wait_page(&app, "pushed with git");
    let repository = slow(&dokku);
    let mut client = dokku.git_started(&repository, &["push", "--force", &dokku.url(&app), "main"]);
    until_true(30, "the build runs", || build_is_running(&dokku, &app));
    docker(&["kill", "-s", "KILL", &dokku.name()]).ok();
    client.wait().expect("it ended");
    docker(&["start", &dokku.name()]).ok();
    dokku.wait_healthy();
    assert_eq!(dokku.get(&app, "/").expect("a release answers").status, 200);
    // Either it is finished after the restart or it is recorded as failed; and then a push works.
    until_true(60, "no build is running", || !build_is_running(&dokku, &app));
    repository.write("www/index.html", "after the crash").commit("again");
    dokku.git(&repository, &["push", "--force", &dokku.url(&app), "main"]).ok();
    dokku.wait_page(&app, "after the crash");
    until_true(30, "one container is left", || dokku.containers(&app).len() == 1);
}

#[test]
fn it_stops_within_five_seconds() {
    let Some(dokku) = Appliance::start() else { return };
    let begun = Instant::now();
    docker(&["stop", "-t", "30", &dokku.name()]).ok();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
