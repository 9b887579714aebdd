//! The engine goes away and comes back.

use crate::support::appliance::{Options, is_wanted};
use crate::support::engine::Engine;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

#[test]
fn an_engine_restarted_in_mid_build_loses_nothing() {
    if !is_wanted() {
        return;
    }
    let mut engine = Engine::start();
    let options =
        Options { engine: Some(engine.host()), socket: Some(engine.socket()), ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    let app = dokku.app("slow");
    dokku.push(&Repository::of("hello"), &app).ok();
    dokku.wait_page(&app, "pushed with git");

    let repository = Repository::of("slow-build");
    let mut client = dokku.git_started(&repository, &["push", "--force", &dokku.url(&app), "main"]);
    until_true(30, "the build runs", || dokku.dokku(&["builds:list", &app]).out.contains("running"));
    engine.end();
    client.wait().expect("it ended");
    engine.begin();
    dokku.wait_healthy();
    until_true(60, "a release answers", || dokku.get(&app, "/").is_ok_and(|answer| answer.status == 200));
    until_true(90, "no build is running", || !dokku.dokku(&["builds:list", &app]).out.contains("running"));

    repository.write("www/index.html", "after the restart").commit("again");
    dokku.git(&repository, &["push", "--force", &dokku.url(&app), "main"]).ok();
    dokku.wait_page(&app, "after the restart");
    until_true(60, "one container is left", || dokku.containers(&app).len() == 1);
}
