//! How processes ended, as `ps:history` tells it, and what becomes of apps that the engine has given up.

use std::sync::Arc;
use std::time::Duration;

use dokku::platform::lock::Lock;
use dokku::store::process_ends;
use dokku::store::properties;
use expect_test::expect;

use super::{Recorded, listening, name, until};
use crate::support::{World, deployed_writing};

fn run(story: impl Future<Output = ()>) {
    dokku::platform::server_runtime().expect("a runtime").block_on(story);
}

fn count(world: &World) -> usize {
    process_ends::all(&world.layout, &name("shop")).expect("readable").len()
}

fn id(world: &World) -> String {
    process_ends::all(&world.layout, &name("shop")).expect("readable")[0].id.clone()
}

/// The container's rule: so many restarts at most, and how many there were.
fn restarts(world: &World, most: i64, were: i64) {
    let mut state = world.docker.state();
    let id = state.container_id("shop.web.1").expect("it is there");
    let container = &mut state.containers.get_mut(&id).expect("it is there").container;
    container.host_config.restart_policy.name = "on-failure".to_owned();
    container.host_config.restart_policy.maximum_retry_count = most;
    container.restart_count = were;
}

#[test]
fn an_end_is_told_with_its_last_words() {
    let world = World::new();
    deployed_writing(&world, "shop", &["web.1"], "listening\ncannot reach the database\n");
    assert_eq!(world.run("ps:history shop"), "No process of this app ended by itself\n");
    restarts(&world, 10, 3);
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&world, &commands).await;
        world.docker.end_container("shop.web.1", 7);
        until("it is written down", || count(&world) == 1).await;
    });
    let id = id(&world);
    expect![[r#"
        Number                  Time                  Process  What   Exit Code  Ran For  Restarts  Cause
        1767323045000-00000000  2026-01-02T03:04:05Z  web.1    ended  7                   3         it ended by itself with status 7
    "#]]
    .assert_eq(&world.run("ps:history shop"));
    let told = world.run(&format!("ps:history shop {id}"));
    assert!(told.contains("Restart Policy:   on-failure:10\n"), "{told}");
    assert!(told.ends_with("\n\nlistening\ncannot reach the database\n"), "{told}");
    let json: serde_json::Value =
        serde_json::from_str(&world.run("ps:history shop --format json")).expect("JSON");
    assert_eq!(json[0]["exit_code"], 7);
    assert_eq!(json[0]["oom_killed"], false);
    assert_eq!(json[0]["output"], "listening\ncannot reach the database\n");
    assert!(world.run("ps:history shop nonsense").contains("No end nonsense of a process of shop is known"));
    assert!(commands.lines().iter().all(|line| !line.contains("rebuild")), "{:?}", commands.lines());
    world.run("apps:rename shop store --skip-deploy");
    assert!(world.run("ps:history store").contains(&id), "it comes along");
}

#[test]
fn what_a_command_of_ours_ends_is_no_outage() {
    let world = World::new();
    deployed_writing(&world, "shop", &["web.1"], "");
    restarts(&world, 10, 0);
    let commands = Arc::new(Recorded::default());
    let app = name("shop");
    run(async {
        listening(&world, &commands).await;
        let turn = Lock::take(&world.layout.deploy_queue(&app)).expect("free");
        world.docker.send_signal("shop.web.1", 15);
        world.docker.end_container("shop.web.1", 143);
        until("it was heard", || commands.lines().iter().any(|line| line == "deploy:give-back shop")).await;
        drop(turn);
        world.docker.restart("shop.web.1");
        world.docker.send_signal("shop.web.1", 9);
        world.docker.end_container("shop.web.1", 137);
        until("the second one is written down", || count(&world) > 0).await;
    });
    let ends = process_ends::all(&world.layout, &app).expect("readable");
    assert_eq!(ends.len(), 1);
    assert_eq!(ends[0].cause(), "SIGKILL was sent through the engine");
}

#[test]
fn an_app_that_the_engine_has_given_up_is_rebuilt_and_then_less_often() {
    let world = World::new();
    deployed_writing(&world, "shop", &["web.1"], "");
    restarts(&world, 3, 3);
    let commands = Arc::new(Recorded { fails: Some("ps:rebuild"), ..Recorded::default() });
    let rebuilds = || commands.lines().iter().filter(|line| *line == "ps:rebuild shop").count();
    run(async {
        listening(&world, &commands).await;
        world.docker.end_container("shop.web.1", 1);
        until("it is rebuilt", || rebuilds() == 1).await;
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert_eq!(rebuilds(), 1, "the next one is a minute later");
    });
    let told = world.run("ps:history shop");
    assert!(told.contains("rebuild failed") && told.contains("the restart limit was used up"), "{told}");
}

#[test]
fn an_app_that_was_stopped_is_not_rebuilt() {
    let world = World::new();
    deployed_writing(&world, "shop", &["web.1"], "");
    restarts(&world, 3, 3);
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&world, &commands).await;
        world.docker.end_container("shop.web.1", 1);
        until("it is written down", || count(&world) == 1).await;
        properties::set(&world.layout, "ps", &(&name("shop")).into(), "restore", "false").expect("writable");
        tokio::time::sleep(Duration::from_millis(2500)).await;
    });
    assert!(!commands.lines().iter().any(|line| line.starts_with("ps:rebuild")), "{:?}", commands.lines());
}
