//! `cleanup`: what no app needs goes, what serves, waits or holds data stays.

use dokku::model::AppName;
use dokku::model::RunPlan;
use dokku::platform;
use dokku::platform::docker::{Docker, Image, Owner, VolumePlan};
use dokku::platform::lock::Lock;

use crate::support::{FakeDocker, World, deployed};

fn world() -> World {
    let world = World::on(FakeDocker::new().owned_by("here"));
    deployed(&world, "shop", &["web.1"]);
    world.docker.end_container("shop.web.1", 0);
    world
}

fn labels(app: &str, owner: &str) -> std::collections::BTreeMap<String, String> {
    [("dokku", ""), ("com.dokku.app-name", app), (Owner::LABEL, owner)]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}

fn image(world: &World, name: &str, app: &str, owner: &str) {
    let mut image = Image::default();
    image.config.labels = labels(app, owner);
    world.docker.have_image(name, image);
}

/// An image that lost its name.
fn nameless(world: &World, app: &str) {
    image(world, "x:y", app, "here");
    let mut state = world.docker.state();
    for image in state.images.values_mut() {
        image.repo_tags.retain(|name| name != "x:y");
    }
}

fn images(world: &World) -> Vec<String> {
    let state = world.docker.state();
    let mut names: Vec<String> = state.images.values().map(|image| image.repo_tags.join(" ")).collect();
    names.sort();
    names
}

fn container(world: &World, name: &str, app: &str, kind: &str) {
    let mut plan = RunPlan::of_image("dokku/shop:latest");
    plan.name = Some(name.to_owned());
    plan.label = labels(app, "here");
    plan.label.insert("com.dokku.container-type".to_owned(), kind.to_owned());
    platform::runtime().expect("a runtime").block_on(async {
        world.docker.create_container(&plan).await.expect("made");
        world.docker.start_container(name).await.expect("started");
    });
    world.docker.end_container(name, 0);
}

fn containers(world: &World) -> Vec<String> {
    let state = world.docker.state();
    let mut names: Vec<String> = state.containers.values().map(|made| made.container.name.clone()).collect();
    names.sort();
    names
}

#[test]
fn the_server_cleans_up_what_no_app_needs() {
    let world = world();
    nameless(&world, "shop");
    image(&world, "dokku/gone:latest", "gone", "here");
    image(&world, "dokku/gone-too:latest", "gone-too", "there");
    image(&world, "dokku/shop:release-3", "shop", "here");
    container(&world, "left-over", "shop", "deploy");
    container(&world, "shop.run.1", "shop", "run");
    let runtime = platform::runtime().expect("a runtime");
    for (name, app) in [("cache-gone", "gone"), ("cache-shop", "shop"), ("data", "gone")] {
        let mut labels = labels(app, "here");
        labels.insert("com.dokku.builder-type".to_owned(), "herokuish".to_owned());
        let plan = VolumePlan { name: name.to_owned(), labels, ..VolumePlan::default() };
        runtime.block_on(world.docker.create_volume(&plan)).expect("made");
    }
    let said = world.run("cleanup --unasked");
    assert_eq!(
        said,
        "       Freed 0 B: 1 stopped container, 2 unused images, 1 cache of an app that is gone\n"
    );
    assert_eq!(containers(&world), ["shop.run.1", "shop.web.1"], "a release that is stopped may start again");
    assert_eq!(
        images(&world),
        ["dokku/gone-too:latest", "dokku/shop:latest", "dokku/shop:release-3"],
        "another server's app is not gone, and a release keeps its image"
    );
    let volumes: Vec<String> = world.docker.state().volumes.keys().cloned().collect();
    assert_eq!(volumes, ["cache-shop", "data"]);
    assert_eq!(world.run("cleanup --unasked"), "       Nothing to clean up\n");
}

#[test]
fn an_app_that_is_deployed_is_left_alone() {
    let world = world();
    nameless(&world, "shop");
    container(&world, "building", "shop", "build");
    let shop: AppName = "shop".parse().expect("a name");
    let turn = Lock::take(&world.layout.deploy_queue(&shop)).expect("free");
    assert_eq!(world.run("cleanup --unasked"), "       Nothing to clean up\n");
    drop(turn);
    let said = world.run("cleanup --unasked");
    assert_eq!(said, "       Freed 0 B: 1 stopped container, 1 unused image\n");
}

#[test]
fn who_asks_gets_rid_of_more() {
    let world = world();
    let calls = || world.docker.take_calls();
    calls();
    assert_eq!(world.run("cleanup"), "-----> Cleaning up...\n       Nothing to clean up\n");
    assert!(calls().contains("docker prune buildcache --filter until=24h\n"));
    world.run("cleanup --all");
    assert!(calls().contains("docker prune allbuildcache\n"));
    assert_eq!(world.run("cleanup shop"), "-----> Cleaning up...\n");
    assert!(!calls().contains("buildcache"));
    assert_eq!(
        world.run("cleanup --all shop"),
        "2> !     What builds keep is not kept by app: leave out the app, or --all\nexit 1\n"
    );
    assert_eq!(world.run("cleanup nope"), "2> !     App nope does not exist\nexit 20\n");
}

#[test]
fn the_server_cleans_up_nothing_where_that_is_not_wanted() {
    let world = world();
    nameless(&world, "shop");
    world.run("builder:set --global skip-cleanup true");
    world.docker.take_calls();
    assert_eq!(world.run("cleanup --unasked"), "");
    assert_eq!(world.docker.take_calls(), "");
}
