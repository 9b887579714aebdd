//! Containers of releases that gave them no labels.

use dokku::model::RunPlan;
use dokku::platform;
use dokku::platform::docker::{Docker, Image};
use dokku::store::retired::{Retired, Waiting};

use super::volume;
use crate::support::World;

/// A container of that name that runs, without a label, and its id.
fn have(world: &World, name: &str, image: &str) -> String {
    let plan = RunPlan { name: Some(name.to_owned()), ..RunPlan::of_image(image) };
    platform::runtime().expect("a runtime").block_on(async {
        let id = world.docker.create_container(&plan).await.expect("made");
        world.docker.start_container(&id).await.expect("started");
        id
    })
}

fn state(world: &World, id: &str) -> Option<String> {
    world.docker.state().containers.get(id).map(|made| made.container.state.status.clone())
}

#[test]
fn they_are_stopped_and_destroyed_with_their_app_and_no_others_are() {
    let world = volume::of("0.20");
    for image in ["dokku/old:latest", "dokku/older:latest", "old"] {
        world.docker.have_image(image, Image::default());
    }
    // The one that its file names, two that were replaced, and what only looks like the app's.
    let own = [
        have(&world, "old.web.1.1577836900", "old"),
        have(&world, "eager_turing", "dokku/old:latest"),
        have(&world, "old.web.1.1577836800", "dokku/old:latest"),
    ];
    let others = [
        have(&world, "older.web.1", "dokku/older:latest"),
        have(&world, "old.example.com", "dokku/old:latest"),
        have(&world, "old.worker.1", "old"),
    ];
    std::fs::write(world.layout.root.join("old/CONTAINER"), format!("{}\n", own[1])).expect("written");
    let waiting = Waiting { app: "old".parse().expect("a name"), id: own[0].clone(), since: i64::MAX };
    Retired::Container.register(&world.layout, waiting).expect("written");
    world.run("take-over");
    world.run("ps:stop old");
    for id in &own {
        assert_eq!(state(&world, id).as_deref(), Some("exited"));
    }
    world.run("apps:destroy old --force");
    assert_eq!(own.map(|id| state(&world, &id)), [None, None, None]);
    for id in &others {
        assert_eq!(state(&world, id).as_deref(), Some("running"), "{id}");
    }
}
