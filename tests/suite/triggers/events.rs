//! The log of events.

use std::fs;

use dokku::kernel::dispatch;
use dokku::platform;
use dokku::platform::steps::Unwatched;
use expect_test::expect;

use crate::deploy::Ear;
use crate::support::World;

/// The log with its times and processes taken out.
fn log(world: &World) -> String {
    let text = fs::read_to_string(world.layout.events_log()).unwrap_or_default();
    let line = |line: &str| {
        let (_, told) = line.split_once("]: ").expect("a line of the log");
        let told = told.replace(&format!("DOKKU_PID={}", std::process::id()), "DOKKU_PID=PID");
        let told = told.rsplit_once(" MS=").map_or(told.clone(), |(told, _)| format!("{told} MS=N"));
        told + "\n"
    };
    text.lines().map(line).collect()
}

#[test]
fn each_trigger_is_logged_with_arguments_caller_and_outcome() {
    let world = World::new();
    world.add_plugin("toys", "play", "exit $1");
    world.run("plugin:trigger play 0");
    assert_eq!(log(&world), "", "nothing is logged before it is turned on");
    expect!["Enabling dokku events logger\n"].assert_eq(&world.run("events:on"));
    world.run("plugin:trigger play 0 two\\ words");
    world.run_words(&["plugin:trigger", "play", "4", "two words", "", "API_KEY=secret", "web=2"]);
    world.run("plugin:trigger nobody listens");
    expect![[r#"
        INVOKED: play( 0 'two\' words ) NAME=default FINGERPRINT= DOKKU_PID=PID
        ENDED: play( 0 'two\' words ) NAME=default FINGERPRINT= DOKKU_PID=PID STATUS=0 LISTENERS=1 MS=N
        INVOKED: play( 4 'two words' '' API_KEY=*** web=2 ) NAME=default FINGERPRINT= DOKKU_PID=PID
        ENDED: play( 4 'two words' '' API_KEY=*** web=2 ) NAME=default FINGERPRINT= DOKKU_PID=PID STATUS=4 LISTENERS=1 MS=N
        INVOKED: nobody( listens ) NAME=default FINGERPRINT= DOKKU_PID=PID
        ENDED: nobody( listens ) NAME=default FINGERPRINT= DOKKU_PID=PID STATUS=0 LISTENERS=0 MS=N
    "#]]
    .assert_eq(&log(&world));
    let before = log(&world);
    expect!["Disabling dokku events logger\n"].assert_eq(&world.run("events:off"));
    world.run("plugin:trigger play 0");
    assert_eq!(log(&world), before);
}

#[test]
fn the_last_hundred_lines_are_shown() {
    let world = World::new();
    assert_eq!(world.run("events"), "", "there is no log yet");
    world.run("events:on");
    for _ in 0..60 {
        world.run("plugin:trigger play");
    }
    let shown = world.run("events");
    assert_eq!(shown.lines().count(), 100);
    assert!(shown.starts_with("Jan  2 03:04:05 ") && shown.contains(" dokku-event["), "{shown}");
}

#[test]
fn events_are_objects_for_programs() {
    let world = World::new();
    world.add_plugin("toys", "play", "exit 3");
    world.run("events:on");
    world.run_words(&["plugin:trigger", "play", "two words"]);
    let shown = world.run("events --format json");
    let objects: Vec<serde_json::Value> =
        shown.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(objects.len(), 2, "{shown}");
    assert_eq!((&objects[0]["event"], &objects[1]["event"]), (&"invoked".into(), &"ended".into()));
    assert_eq!(objects[1]["arguments"], serde_json::json!(["two words"]));
    assert_eq!((&objects[1]["status"], &objects[1]["listeners"]), (&3.into(), &1.into()));
    assert_eq!(objects[0]["time"], "2026-01-02T03:04:05Z");
    assert!(world.run("events --format xml").contains("exit 2"));
}

#[test]
fn events_are_followed_as_they_come() {
    let world = World::new();
    world.run("events:on");
    world.run("plugin:trigger before");
    let seen = std::sync::Arc::new(Ear::default());
    let (buffers, path) = (seen.clone(), world.layout.events_log());
    platform::runtime().unwrap().block_on(async {
        let ctx = world.ctx(std::sync::Arc::new(Unwatched)).printing_to(buffers);
        let words = ["--tail", "--format", "json"].map(str::to_owned);
        tokio::select! {
            ended = dispatch::verb(&ctx, "events", &words) => panic!("it ended: {ended:?}"),
            () = async {
                seen.heard("before").await;
                let line = fs::read_to_string(&path).unwrap().lines().next().unwrap().replace("before", "after");
                dokku::platform::files::append(&path, &format!("{line}\n"), 0o664).unwrap();
                seen.heard("\"trigger\":\"after\"").await;
            } => {}
        }
    });
}

#[test]
fn a_log_that_grows_too_large_is_set_aside() {
    let world = World::new();
    world.run("events:on");
    let path = world.layout.events_log();
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    let line = "Jan  1 00:00:00 box dokku-event[1]: INVOKED: old( ) NAME= FINGERPRINT= DOKKU_PID=1\n";
    fs::write(&path, line.repeat(9 * 1024 * 1024 / line.len())).expect("written");
    world.run("plugin:trigger play");
    let old = fs::metadata(path.with_added_extension("1")).expect("it was set aside");
    assert!(old.len() > 8 * 1024 * 1024);
    let new = fs::metadata(&path).map_or(0, |metadata| metadata.len());
    assert!(new < 1024, "{new}");
    assert!(world.run("events").lines().count() <= 2);
}

#[test]
fn all_triggers_are_listed_while_events_are_logged() {
    let world = World::new();
    expect!["2> !     Events logger disabled\n"].assert_eq(&world.run("events:list"));
    world.run("events:on");
    let listed = world.run("events:list");
    assert!(listed.starts_with("=====> Events currently logged"), "{listed}");
    assert_eq!(listed.lines().count(), 1 + dokku::triggers::all().count());
    assert!(listed.lines().any(|line| line.trim() == "post-deploy"));
    assert!(world.run("events:help").contains("Manage event logging"));
}
