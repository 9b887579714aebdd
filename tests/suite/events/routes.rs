//! Which apps are followed, and when.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dokku::platform::lock::Lock;
use dokku::store::processes;

use super::{Recorded, listening, name, until};
use crate::support::{World, deployed};

/// An app whose one container stands on record with its true address.
fn settled(world: &World, app: &str) {
    deployed(world, app, &["web.1"]);
    let container = format!("{app}.web.1");
    let address = world.docker.address_of(&container);
    record(world, app, &address);
}

fn record(world: &World, app: &str, address: &str) {
    let dyno = "web.1".parse().expect("a place");
    processes::set_ip(&world.layout, &name(app), &dyno, address).expect("writable");
    processes::set_port(&world.layout, &name(app), &dyno, 5000).expect("writable");
}

fn followed(commands: &Recorded) -> Vec<String> {
    commands.lines().into_iter().filter(|line| line.starts_with("network:follow")).collect()
}

/// In a runtime of its own: the world makes one for each command.
fn run(story: impl Future<Output = ()>) {
    dokku::platform::server_runtime().expect("a runtime").block_on(story);
}

#[test]
fn apps_whose_record_is_true_cost_nothing() {
    let world = World::new();
    for app in ["shop", "blog", "cafe"] {
        settled(&world, app);
    }
    record(&world, "blog", "172.17.0.99");
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&world, &commands).await;
        until("the one that is wrong is followed", || !followed(&commands).is_empty()).await;
        world.docker.restart("shop.web.1");
        world.docker.restart("cafe.web.1");
        tokio::time::sleep(Duration::from_millis(400)).await;
    });
    assert!(followed(&commands).iter().all(|line| line == "network:follow blog"), "{:?}", commands.lines());
}

#[test]
fn what_moves_together_is_followed_together() {
    let world = World::new();
    let apps: Vec<String> = (0..20).map(|number| format!("app{number:02}")).collect();
    apps.iter().for_each(|app| settled(&world, app));
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&world, &commands).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(followed(&commands), Vec::<String>::new());
        apps.iter().for_each(|app| record(&world, app, "172.17.0.99"));
        for app in &apps {
            world.docker.restart(&format!("{app}.web.1"));
        }
        let is_followed = |app: &String| followed(&commands).iter().any(|line| line.contains(app.as_str()));
        until("all are followed", || apps.iter().all(is_followed)).await;
    });
    // How long that takes is asked of the real engine. A busy machine may cut the moment into a few.
    let count = followed(&commands).len();
    assert!(count <= 5, "{count} commands: {:?}", commands.lines());
}

#[test]
fn one_that_comes_back_keeps_its_address_for_a_moment_unless_another_takes_it() {
    let world = World::new();
    settled(&world, "shop");
    settled(&world, "blog");
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&world, &commands).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.docker.end_container("shop.web.1", 1);
        list_as(&world, "shop", "restarting", "");
        let ended = Instant::now();
        until("nothing leads to it any more", || !followed(&commands).is_empty()).await;
        assert!(ended.elapsed() >= Duration::from_millis(900), "it may come back: {:?}", ended.elapsed());

        let address = world.docker.address_of("blog.web.1");
        world.docker.end_container("blog.web.1", 1);
        list_as(&world, "blog", "restarting", "");
        let ended = Instant::now();
        deployed_at(&world, &address).await;
        until("it is followed at once", || followed(&commands).iter().any(|line| line.contains("blog")))
            .await;
        assert!(ended.elapsed() < Duration::from_millis(700), "{:?}", ended.elapsed());
    });
}

/// A container of a stranger that gets this address.
async fn deployed_at(world: &World, address: &str) {
    use dokku::model::RunPlan;
    use dokku::platform::docker::Docker;
    world.docker.have_image("stranger", Default::default());
    let id = world.docker.create_container(&RunPlan::of_image("stranger")).await.expect("made");
    world.docker.give_address(&id, address);
    world.docker.start_container(&id).await.expect("started");
    world.docker.give_address(&id, address);
}

#[test]
fn an_app_that_a_deploy_is_turning_is_left_alone_until_it_has() {
    let world = World::new();
    settled(&world, "shop");
    let app = name("shop");
    let intent = world.layout.app_data("deploys", &app).join("intent.json");
    std::fs::create_dir_all(intent.parent().expect("a folder")).expect("a folder");
    std::fs::write(&intent, r#"{"is_switching": true}"#).expect("writable");
    let turn = Lock::take(&world.layout.deploy_queue(&app)).expect("free");
    record(&world, "shop", "172.17.0.99");
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&world, &commands).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(followed(&commands), Vec::<String>::new());
        drop(turn);
        until("it is followed afterwards", || !followed(&commands).is_empty()).await;
    });
}

#[test]
fn an_end_is_believed_before_the_engine_lists_it() {
    let world = World::new();
    settled(&world, "shop");
    let address = world.docker.address_of("shop.web.1");
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&world, &commands).await;
        world.docker.end_container("shop.web.1", 1);
        // As a list shows it for a moment; and somebody joins a network meanwhile, for which the list is asked.
        list_as(&world, "shop", "running", &address);
        deployed_at(&world, "172.17.0.77").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        list_as(&world, "shop", "exited", "");
        until("it is followed", || !followed(&commands).is_empty()).await;
    });
}

fn list_as(world: &World, app: &str, state: &str, address: &str) {
    let container = format!("{app}.web.1");
    world.docker.give_address(&container, address);
    let mut engine = world.docker.state();
    let id = engine.container_id(&container).expect("it is there");
    engine.containers.get_mut(&id).expect("it is there").container.state.status = state.to_owned();
}
