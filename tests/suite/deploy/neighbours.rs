//! Two appliances on one engine, both with an app `shop`: neither touches what is the other's.

use dokku::deploy;
use dokku::model::RunPlan;
use dokku::platform;
use dokku::platform::docker::{Docker, Owner};

use super::Shop;
use crate::support::{FakeDocker, World};

/// Both shops deployed, the second one later.
fn two() -> (FakeDocker, Shop, Shop) {
    let engine = FakeDocker::new();
    let (here, there) =
        (Shop::of(World::on(engine.owned_by("here"))), Shop::of(World::on(engine.owned_by("there"))));
    let runtime = platform::runtime().unwrap();
    runtime.block_on(here.told("here-1")).0.expect("deployed");
    runtime.block_on(there.told("there-1")).0.expect("deployed");
    (engine, here, there)
}

/// The containers of an owner and their states, and the revisions of its images.
fn things_of(engine: &FakeDocker, owner: &str) -> (Vec<String>, Vec<String>) {
    let state = engine.state();
    let containers = state.containers.values().map(|made| &made.container);
    let containers = containers
        .filter(|container| container.label(Owner::LABEL) == Some(owner))
        .map(|container| format!("{} {}", container.id, container.state.status));
    let images = state.images.values().filter(|image| image.label(Owner::LABEL) == Some(owner));
    let images = images.map(|image| image.label("revision").unwrap_or_default().to_owned());
    (containers.collect(), images.collect())
}

#[test]
fn each_sees_its_own_app_alone() {
    let (engine, here, there) = two();
    for shop in [&here, &there] {
        let report = shop.world.run("ps:report shop");
        assert!(report.contains("Status web 1:") && report.contains("running"), "{report}");
    }
    let theirs = things_of(&engine, "there");
    assert_eq!((theirs.0.len(), theirs.1.as_slice()), (1, &["there-1".to_owned()][..]));
    here.world.run("ps:stop shop");
    assert_eq!(things_of(&engine, "there"), theirs, "stopped by the wrong one");
    here.world.run("cleanup shop");
    assert_eq!(things_of(&engine, "there"), theirs, "cleaned up by the wrong one");
    here.world.run("apps:destroy --force shop");
    assert_eq!(things_of(&engine, "there"), theirs, "destroyed by the wrong one");
    assert!(things_of(&engine, "here").0.is_empty());
}

#[test]
fn a_deploy_that_fails_leaves_the_neighbour_alone() {
    let (engine, here, there) = two();
    let theirs = things_of(&engine, "there");
    here.world.docker.plan_fault(
        "docker create",
        dokku::platform::docker::DockerError::Other(dokku::model::Fault::new("no room")),
    );
    platform::runtime().unwrap().block_on(here.told("here-2")).0.expect_err("the engine refused");
    assert_eq!(things_of(&engine, "there"), theirs);
    drop(there);
}

#[test]
fn an_image_that_a_neighbour_gave_the_name_is_not_run() {
    let (_engine, here, _there) = two();
    let said = here.world.run("ps:restart shop");
    assert!(said.contains("belongs to another appliance on this Docker engine"), "{said}");
    assert!(said.contains("ps:rebuild shop"), "{said}");
    let failure = platform::runtime().unwrap().block_on(here.told("here-2"));
    failure.0.unwrap_or_else(|failure| panic!("a push helps: {}", deploy::reason(&failure)));
}

#[test]
fn what_bears_no_owner_is_adopted() {
    let engine = FakeDocker::new();
    let shop = Shop::of(World::on(engine.owned_by("here")));
    let runtime = platform::runtime().unwrap();
    runtime.block_on(shop.told("one")).0.expect("deployed");
    let mut plan = RunPlan::of_image("dokku/shop:latest");
    plan.name = Some("shop.worker.1".to_owned());
    // As Dokku made it; the image is one of its own too.
    plan.label.insert("com.dokku.app-name".to_owned(), "shop".to_owned());
    plan.label.insert(Owner::LABEL.to_owned(), String::new());
    let id = runtime.block_on(async {
        let id = engine.create_container(&plan).await.expect("made");
        engine.start_container(&id).await.expect("started");
        id
    });
    shop.world.run("ps:stop shop");
    assert_eq!(engine.state().containers[&id].container.state.status, "exited");
}
