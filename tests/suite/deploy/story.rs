use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use dokku::deploy::{self, Step};
use dokku::kernel::{Buffers, Stream};
use dokku::model::{Fault, Scope};
use dokku::platform;
use dokku::platform::docker::DockerError;
use dokku::platform::steps::{Steps, Unwatched};
use dokku::store::properties;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::Shop;
use crate::support::fake_docker::PlannedBuild;

#[test]
fn a_second_deploy_replaces_the_first_and_lets_it_retire() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
        shop.deploy("two", Arc::new(Unwatched)).await.expect("deployed");
    });
    let seen = shop.seen();
    assert!(seen.contains("GIT_REV=two"), "{seen}");
    assert!(seen.contains("Procfile: web: httpd"), "{seen}");
    assert_eq!(seen.matches("container shop.web.1").count(), 2, "the old one has a name with a time\n{seen}");
    assert!(!seen.contains("intent.json"), "{seen}");
}

#[test]
fn a_container_that_cannot_be_made_changes_nothing() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
        let before = shop.seen();
        let fault = DockerError::Other(Fault::new("no space left on device"));
        shop.world.docker.plan_fault("docker create", fault);
        let failure = shop.deploy("two", Arc::new(Unwatched)).await.expect_err("the engine refused");
        assert_eq!(deploy::reason(&failure), "no space left on device");
        assert_eq!(before, shop.seen());
    });
}

#[test]
fn a_procfile_that_cannot_be_read_ends_the_deploy_before_the_build() {
    let shop = Shop { procfile: "not a procfile line\n".to_owned(), ..Shop::new() };
    platform::runtime().unwrap().block_on(async {
        let ctx = shop.world.ctx(Arc::new(Unwatched));
        let failure = shop.receive(&ctx, "one").await.expect_err("it is broken");
        assert!(deploy::reason(&failure).starts_with("Invalid Procfile"), "{failure:?}");
        shop.world.docker.forget_builds();
        let built = shop.world.docker.take_calls();
        assert!(!built.contains("docker build"), "{built}");
    });
}

#[test]
fn a_mistake_in_the_own_nginx_template_ends_the_deploy_before_the_build() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        let ctx = shop.world.ctx(Arc::new(Unwatched));
        let files = [("Dockerfile", "FROM scratch\n"), ("nginx.conf.sigil", "{{ if .APP }}")];
        let failure = shop.receive_files(&ctx, "one", &files).await.expect_err("it is broken");
        assert!(
            deploy::reason(&failure).contains("nginx.conf.sigil of this push cannot be rendered"),
            "{failure:?}"
        );
        let built = shop.world.docker.take_calls();
        assert!(!built.contains("docker build"), "{built}");
    });
}

#[test]
fn where_checks_are_skipped_nobody_stays_with_the_new_containers() {
    let shop = Shop::new();
    shop.world.run("checks:skip shop");
    shop.world.run("checks:set shop watch 120");
    let begun = std::time::Instant::now();
    let deployed = shop.deploy("one", Arc::new(Unwatched));
    platform::runtime().unwrap().block_on(deployed).expect("deployed");
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn a_release_that_dies_after_its_deploy_gives_its_place_back() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
        let before = shop.seen();
        shop.deploy("two", Arc::new(Unwatched)).await.expect("deployed");
        let ctx = shop.world.ctx(Arc::new(Unwatched));
        deploy::give_back(&ctx, &shop.app).await.expect("nothing to do");
        assert!(shop.seen().contains("GIT_REV=two"), "nobody died");
        shop.world.docker.end_container("shop.web.1", 1);
        deploy::give_back(&ctx, &shop.app).await.expect("given back");
        assert_eq!(before, shop.seen());
    });
    let builds = shop.world.run("builds:list shop --format json");
    assert!(builds.contains("\"failed\""), "{builds}");
}

#[test]
fn a_release_that_gives_its_place_back_takes_its_tasks_along() {
    let shop = Shop::new();
    let crontab = || std::fs::read_to_string(shop.world.layout.crontab()).unwrap_or_default();
    platform::runtime().unwrap().block_on(async {
        let ctx = shop.world.ctx(Arc::new(Unwatched));
        for (revision, schedule) in [("one", "@daily"), ("two", "@hourly")] {
            shop.world.docker.plan_build(PlannedBuild::default());
            let tasks = format!(r#"{{"cron": [{{"command": "a", "schedule": "{schedule}"}}]}}"#);
            let files =
                [("Dockerfile", "FROM scratch\n"), ("Procfile", "web: httpd\n"), ("app.json", &tasks)];
            let _turn = shop.receive_files(&ctx, revision, &files).await.expect("deployed");
            deploy::commit(&ctx, &shop.app).await.expect("accepted");
            assert!(crontab().contains(&format!("{schedule} dokku cron:run shop ")), "{}", crontab());
        }
        shop.world.docker.end_container("shop.web.1", 1);
        deploy::give_back(&ctx, &shop.app).await.expect("given back");
    });
    assert!(crontab().contains("@daily") && !crontab().contains("@hourly"), "{}", crontab());
}

#[test]
fn an_app_that_was_stopped_on_purpose_stays_stopped() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
        shop.deploy("two", Arc::new(Unwatched)).await.expect("deployed");
        let scope = Scope::from(&shop.app);
        properties::set(&shop.world.layout, "ps", &scope, "restore", "false").expect("writable");
        shop.world.docker.end_container("shop.web.1", 137);
        deploy::give_back(&shop.world.ctx(Arc::new(Unwatched)), &shop.app).await.expect("nothing to do");
        assert!(shop.seen().contains("GIT_REV=two"));
    });
}

#[test]
fn a_deploy_clears_away_what_ended_but_not_what_a_stopped_app_has() {
    let shop = Shop::new();
    let runtime = platform::runtime().unwrap();
    runtime.block_on(shop.told("one")).0.expect("deployed");
    let plan = dokku::model::RunPlan {
        name: Some("shop.run.7".to_owned()),
        label: [("dokku", ""), ("com.dokku.app-name", "shop")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        ..dokku::model::RunPlan::of_image("dokku/shop:latest")
    };
    runtime.block_on(async {
        let docker = &shop.world.ctx(Arc::new(Unwatched)).platform.docker;
        let id = docker.create_container(&plan).await.expect("made");
        docker.start_container(&id).await.expect("started");
    });
    shop.world.docker.end_container("shop.run.7", 0);
    shop.world.docker.end_container("shop.web.1", 0);
    shop.world.docker.plan_fault("docker create", DockerError::Other(Fault::new("no room")));
    let (outcome, told) = runtime.block_on(shop.told("two"));
    outcome.expect_err("the engine refused");
    assert!(told.contains("-----> Cleaning up...\n"), "{told}");
    let seen = shop.seen();
    assert!(!seen.contains("shop.run.7"), "{seen}");
    assert!(
        seen.contains("container shop.web.1 ") && seen.contains("dokku/shop:latest dokku/shop:release-1 one"),
        "{seen}"
    );

    shop.world.run("builder:set shop skip-cleanup true");
    let (outcome, told) = runtime.block_on(shop.told("three"));
    outcome.expect("deployed");
    assert!(told.contains("-----> DOKKU_SKIP_CLEANUP set. Skipping dokku cleanup\n"), "{told}");
}

#[test]
fn a_deploy_looks_at_each_new_container_once() {
    let shop = Shop::new();
    shop.world.run("ps:scale --skip-deploy shop web=3");
    platform::runtime().unwrap().block_on(shop.told("one")).0.expect("deployed");
    let mut inspected = shop.world.docker.state().inspected.clone();
    inspected.sort();
    let mut ids: Vec<String> = shop.world.docker.state().containers.keys().cloned().collect();
    ids.sort();
    assert_eq!(inspected, ids);
}

/// Holds the second container that is about to be checked, which is the first that is not web's, until a third one is.
#[derive(Default)]
struct TwoAtOnce {
    checked: AtomicUsize,
    third: Notify,
    met: AtomicBool,
}

#[async_trait]
impl Steps for TwoAtOnce {
    async fn reached(&self, step: &'static str) {
        if step != Step::Check.name() {
            return;
        }
        match self.checked.fetch_add(1, Ordering::Relaxed) {
            1 => self.met.store(
                timeout(Duration::from_secs(30), self.third.notified()).await.is_ok(),
                Ordering::Relaxed,
            ),
            2 => self.third.notify_one(),
            _ => {}
        }
    }
}

#[test]
fn as_many_process_types_as_wanted_are_deployed_at_once_after_web() {
    let procfile = "worker: work\nclock: tick\nmail: send\nweb: httpd\n".to_owned();
    let shop = Shop { procfile, ..Shop::new() };
    shop.world.run("ps:scale shop --skip-deploy worker=1 clock=1 mail=1");
    shop.world.run("scheduler-docker-local:set shop parallel-schedule-count 2");
    let steps = Arc::new(TwoAtOnce::default());
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", steps.clone()).await.expect("it is deployed");
    });
    assert!(steps.met.load(Ordering::Relaxed), "one waited for the other");
    assert_eq!(steps.checked.load(Ordering::Relaxed), 4);
    let seen = shop.seen();
    for name in ["clock", "mail", "web", "worker"] {
        assert!(seen.contains(&format!("container shop.{name}.1 ")), "{seen}");
    }
}

#[test]
fn a_container_that_somebody_removed_is_no_matter_for_the_next_deploy() {
    let shop = Shop::new();
    let runtime = platform::runtime().unwrap();
    runtime.block_on(shop.told("one")).0.expect("deployed");
    let gone = shop.world.docker.state().container_id("shop.web.1").expect("it is there");
    shop.world.docker.state().containers.remove(&gone);
    let told = Arc::new(Buffers::default());
    let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(told.clone());
    runtime.block_on(async {
        let _turn = shop.receive(&ctx, "two").await.expect("received");
        deploy::commit(&ctx, &shop.app).await.expect("deployed");
    });
    let warned = told.text(Stream::Stderr);
    assert!(!warned.contains("cannot"), "{warned}");
}
