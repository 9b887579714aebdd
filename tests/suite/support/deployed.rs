//! Apps that run on the fake engine, without a deploy before each test.

use dokku::model::{AppName, Dyno, RunPlan};
use dokku::platform;
use dokku::platform::docker::{Docker, Image, ImageConfig};
use dokku::store::processes;

use super::{PlannedRun, World};

/// Makes the app and a running container for each of these places (`web.1`), as a deploy leaves them. The calls
/// are not recorded.
pub fn deployed(world: &World, app: &str, dynos: &[&str]) {
    deployed_writing(world, app, dynos, "");
}

/// The same, each container having written this.
pub fn deployed_writing(world: &World, app: &str, dynos: &[&str], stdout: &str) {
    world.run(&format!("apps:create {app}"));
    have_release_image(world, app);
    let name: AppName = app.parse().expect("a name");
    for dyno in dynos {
        let dyno: Dyno = dyno.parse().expect("a dyno");
        let run = PlannedRun { stdout: stdout.to_owned(), ..PlannedRun::default() };
        let id = start(world, app, &dyno, run);
        processes::set_container(&world.layout, &name, &dyno, &id).expect("writable");
    }
    world.docker.take_calls();
}

/// The image that a release leaves.
pub fn have_release_image(world: &World, app: &str) {
    let mut config = ImageConfig::default();
    for (key, value) in [("com.dokku.app-name", app), ("com.dokku.image-stage", "release")] {
        config.labels.insert(key.to_owned(), value.to_owned());
    }
    config.cmd = vec!["/server".to_owned()];
    world.docker.have_image(&format!("dokku/{app}:latest"), Image { config, ..Image::default() });
}

/// Makes and starts a container as a deploy does, and returns its id.
pub fn start(world: &World, app: &str, dyno: &Dyno, run: PlannedRun) -> String {
    let mut plan = RunPlan::of_image(format!("dokku/{app}:latest"));
    plan.name = Some(format!("{app}.{dyno}"));
    plan.env = ["SECRET=hidden", "PORT=5000"].map(str::to_owned).to_vec();
    for (key, value) in [
        ("com.dokku.app-name", app),
        ("com.dokku.container-type", "deploy"),
        ("com.dokku.process-type", dyno.process_type.as_str()),
    ] {
        plan.label.insert(key.to_owned(), value.to_owned());
    }
    world.docker.plan_run(&format!("{app}.{dyno}"), run);
    platform::runtime().expect("a runtime").block_on(async {
        let id = world.docker.create_container(&plan).await.expect("made");
        world.docker.start_container(&id).await.expect("started");
        id
    })
}
