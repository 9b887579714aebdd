//! Returning to an earlier release: all of it comes back at once, or nothing changes.

use std::sync::Arc;

use dokku::deploy::{self, Step};
use dokku::kernel::Result;
use dokku::model::Fault;
use dokku::platform;
use dokku::platform::docker::DockerError;
use dokku::platform::steps::{Steps, Unwatched};
use dokku::store::releases;

use super::Shop;
use super::kill::{KillAt, must_be_undone};

/// An app with two releases that differ in all that belongs to one.
fn with_two_releases() -> Shop {
    let mut shop = Shop::new();
    shop.app_json = r#"{"scripts": {"dokku": {"postdeploy": "tell"}}}"#.to_owned();
    shop.world.run("config:set --no-restart shop COLOR=red ONLY_FIRST=1");
    shop.world.run("ps:scale --skip-deploy shop web=2");
    shop.world.run("ports:set shop http:80:5000");
    shop.world.run("docker-options:add shop deploy --memory=64m");
    wait(shop.deploy("one", Arc::new(Unwatched))).expect("deployed");
    shop.procfile = "web: httpd --new\nworker: work\n".to_owned();
    shop.world.run("config:set --no-restart shop COLOR=blue ONLY_SECOND=1");
    shop.world.run("config:unset --no-restart shop ONLY_FIRST");
    shop.world.run("ps:scale --skip-deploy shop web=1");
    shop.world.run("docker-options:clear shop deploy");
    wait(shop.deploy("two", Arc::new(Unwatched))).expect("deployed");
    shop.world.run("ports:set shop http:80:5000 http:8080:5000");
    // Those of the first have retired.
    let is_live = |name: &str| name == "shop.web.1";
    shop.world.docker.state().containers.retain(|_, made| is_live(&made.container.name));
    shop
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    platform::runtime().expect("a runtime").block_on(future)
}

async fn roll_back(shop: &Shop, number: u64, steps: Arc<dyn Steps>) -> Result {
    let release = releases::load(&shop.world.layout, &shop.app, number).expect("readable").expect("kept");
    deploy::roll_back(&shop.world.ctx(steps), &shop.app, &release).await
}

#[test]
fn a_rollback_brings_back_all_of_a_release() {
    let shop = with_two_releases();
    shop.world.docker.take_calls();
    wait(roll_back(&shop, 1, Arc::new(Unwatched))).expect("rolled back");
    let calls = shop.world.docker.take_calls();
    assert!(!calls.contains("docker build"), "{calls}");
    let made: Vec<&str> =
        calls.lines().filter(|line| line.contains("docker create") && line.contains(".upcoming-")).collect();
    assert_eq!(made.len(), 2, "{calls}");
    assert!(made.iter().all(|line| line.contains("--memory=64m") && line.contains("COLOR=red")), "{calls}");
    let seen = shop.seen();
    for line in [
        "COLOR=red",
        "ONLY_FIRST=1",
        "GIT_REV=one",
        "Procfile: web: httpd",
        "scale: web=2",
        "image dokku/shop:latest dokku/shop:release-1",
    ] {
        assert!(seen.contains(line), "{line}\n{seen}");
    }
    assert!(!seen.contains("ONLY_SECOND=1") && !seen.contains("upcoming"), "{seen}");
    let ports = shop.world.run("ports:report shop --ports-map");
    assert_eq!(ports.trim(), "http:80:5000");
    let listed = shop.world.run("releases:list shop");
    assert!(listed.lines().nth(1).is_some_and(|line| line.starts_with("3        current")), "{listed}");
    let builds = shop.world.run("builds:list shop");
    assert!(builds.contains("releases:rollback"), "{builds}");
}

#[test]
fn a_place_whose_last_container_waits_to_retire_gets_its_name_at_once() {
    let shop = Shop::new();
    wait(shop.deploy("one", Arc::new(Unwatched))).expect("deployed");
    for count in [2, 1, 2] {
        shop.world.run(&format!("ps:scale shop web={count}"));
    }
    let seen = shop.seen();
    assert!(seen.contains("container shop.web.2 ") && !seen.contains("upcoming"), "{seen}");
}

#[test]
fn what_was_left_can_be_returned_to_with_the_ports_it_had_when_it_was_left() {
    let shop = with_two_releases();
    wait(roll_back(&shop, 1, Arc::new(Unwatched))).expect("rolled back");
    wait(roll_back(&shop, 2, Arc::new(Unwatched))).expect("rolled forward");
    let ports = shop.world.run("ports:report shop --ports-map");
    assert_eq!(ports.trim(), "http:8080:5000 http:80:5000");
    let seen = shop.seen();
    assert!(seen.contains("COLOR=blue") && seen.contains("httpd --new"), "{seen}");
}

#[test]
fn a_kill_of_a_rollback_at_any_step_is_undone_or_finished_by_the_next_start() {
    for step in Step::ALL.into_iter().filter(|step| *step >= Step::Restore) {
        let shop = with_two_releases();
        let seen = |shop: &Shop| shop.seen() + &shop.world.run("ports:report shop");
        let before = seen(&shop);
        wait(async {
            let kill = KillAt::new(step);
            tokio::select! {
                ended = roll_back(&shop, 1, kill.clone()) => panic!("it ended before {}: {ended:?}", step.name()),
                () = kill.reached() => {}
            }
            deploy::settle_all(&shop.world.ctx(Arc::new(Unwatched)))
                .await
                .expect("the next start settles it");
        });
        if must_be_undone(step) {
            assert_eq!(before, seen(&shop), "killed at {}", step.name());
            assert!(!shop.world.run("releases:list shop").contains("\n3 "), "killed at {}", step.name());
            continue;
        }
        let done = with_two_releases();
        wait(roll_back(&done, 1, Arc::new(Unwatched))).expect("rolled back");
        assert_eq!(seen(&shop), seen(&done), "killed at {}", step.name());
    }
}

#[test]
fn a_rollback_that_fails_leaves_all_as_it_was() {
    let shop = with_two_releases();
    let before = shop.seen();
    let fault = DockerError::Other(Fault::new("no space left on device"));
    shop.world.docker.plan_fault("docker create", fault);
    let failure = wait(roll_back(&shop, 1, Arc::new(Unwatched))).expect_err("the engine refused");
    assert_eq!(deploy::reason(&failure), "no space left on device");
    assert_eq!(before, shop.seen());
}

#[test]
fn a_release_that_dies_after_a_rollback_gives_its_place_back_and_cannot_be_returned_to() {
    let shop = with_two_releases();
    let before = shop.seen();
    wait(roll_back(&shop, 1, Arc::new(Unwatched))).expect("rolled back");
    shop.world.docker.end_container("shop.web.1", 1);
    wait(deploy::give_back(&shop.world.ctx(Arc::new(Unwatched)), &shop.app)).expect("given back");
    assert_eq!(before, shop.seen());
    let listed = shop.world.run("releases:list shop");
    assert!(listed.contains("3        taken-back"), "{listed}");
    assert!(listed.contains("2        current"), "{listed}");
}

#[test]
fn a_failed_deploy_makes_no_release_and_a_restart_that_changes_nothing_neither() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
        shop.world.docker.plan_fault("docker create", DockerError::Other(Fault::new("no room")));
        shop.deploy("two", Arc::new(Unwatched)).await.expect_err("the engine refused");
    });
    shop.world.run("ps:restart shop");
    let numbers = || -> Vec<u64> {
        let all = releases::all(&shop.world.layout, &shop.app).expect("readable");
        all.iter().map(|release| release.number).collect()
    };
    assert_eq!(numbers(), [1]);
    shop.world.run("config:set shop A=1");
    assert_eq!(numbers(), [2, 1]);
    shop.world.run("ps:scale shop web=3");
    assert_eq!(numbers(), [3, 2, 1]);
}

#[test]
fn images_of_kept_releases_outlive_retirement_and_cleanup_and_others_do_not() {
    let shop = Shop::new();
    shop.world.run("checks:set shop wait-to-retire 0");
    shop.world.run("releases:set shop retention 2");
    let images = || -> Vec<String> {
        let state = shop.world.docker.state();
        let mut names: Vec<String> =
            state.images.values().map(|image| image.config.labels["revision"].clone()).collect();
        names.sort();
        names
    };
    platform::runtime().unwrap().block_on(async {
        for revision in ["a", "b", "c"] {
            shop.deploy(revision, Arc::new(Unwatched)).await.expect("deployed");
        }
    });
    // Time stands still here, and what retires now was to go a moment ago.
    let dead = shop.world.layout.data("scheduler-docker-local");
    for file in ["dead-containers", "dead-images"] {
        let path = dead.join(file);
        let text = std::fs::read_to_string(&path).expect("there");
        let early: Vec<String> = text
            .lines()
            .map(|line| format!("{} 1\n", line.rsplit_once(' ').expect("three words").0))
            .collect();
        std::fs::write(path, early.concat()).expect("writable");
    }
    shop.world.run("ps:retire shop");
    assert_eq!(images(), ["b", "c"]);
    shop.world.run("cleanup shop");
    assert_eq!(images(), ["b", "c"]);
    shop.world.run("releases:set shop retention 1");
    assert_eq!(images(), ["c"]);
}

#[test]
fn old_releases_go_when_their_images_take_too_much_but_never_the_last_way_back() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        for revision in ["a", "b", "c", "d"] {
            shop.deploy(revision, Arc::new(Unwatched)).await.expect("deployed");
        }
    });
    for image in shop.world.docker.state().images.values_mut() {
        image.size = 105;
    }
    let numbers = || -> Vec<u64> {
        let all = releases::all(&shop.world.layout, &shop.app).expect("readable");
        all.iter().map(|release| release.number).collect()
    };
    shop.world.run("releases:set shop retention-disk 300b");
    assert_eq!(numbers(), [4, 3, 2, 1], "three of 100 bytes beside what all share");
    shop.world.run("releases:set shop retention-disk 200b");
    assert_eq!(numbers(), [4, 3, 2]);
    shop.world.run("releases:set shop retention-disk 1b");
    assert_eq!(numbers(), [4, 3]);
}

#[test]
fn what_served_before_releases_were_recorded_can_be_returned_to() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
        releases::forget(&shop.world.layout, &shop.app).expect("as an earlier version left it");
        shop.deploy("two", Arc::new(Unwatched)).await.expect("deployed");
        roll_back(&shop, 1, Arc::new(Unwatched)).await.expect("rolled back");
    });
    let seen = shop.seen();
    assert!(seen.contains("GIT_REV=one"), "{seen}");
}
