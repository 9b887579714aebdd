//! The life of an app as a plugin hears it that listens to everything: `story.txt`. A change of it is a change of what
//! plugins see; `UPDATE_EXPECT=1 cargo test triggers::story` writes it anew.

use std::os::unix::fs::symlink;

use dokku::platform;
use dokku::platform::docker::Image;
use dokku::triggers;
use expect_test::expect_file;

use crate::deploy::Shop;
use crate::support::fake_docker::PlannedBuild;
use crate::support::sources::root;
use crate::support::{Repository, World};

/// The fixture, under each trigger's name.
fn listen(world: &World) {
    let folder = world.layout.plugins_enabled().join("00_hear");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::create_dir_all(&world.layout.logs).expect("a folder");
    let fixture = root().join("tests/fixtures/plugins/hear");
    symlink(fixture.join("plugin.toml"), folder.join("plugin.toml")).expect("a link");
    for trigger in triggers::all() {
        symlink(fixture.join("hear"), folder.join(trigger.name)).expect("a link");
    }
}

/// What was heard since the last time. Ids, addresses, folders and process numbers are no part of it.
fn heard(world: &World) -> String {
    let path = world.layout.logs.join("heard");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::remove_file(&path).expect("it heard something");
    let pid = std::process::id().to_string();
    let word = |word: &str| -> String {
        let inner = word.trim_matches(|c| c == '[' || c == ']');
        let is_hex = inner.len() >= 40 && inner.bytes().all(|byte| byte.is_ascii_hexdigit());
        let told = match inner {
            _ if is_hex && inner.len() == 40 => "REVISION",
            _ if is_hex => "CONTAINER",
            _ if inner.starts_with("172.") => "ADDRESS",
            _ if inner.ends_with(".receive") => "FOLDER",
            _ if inner.contains("/app.json.") => "APP_JSON",
            _ if inner == pid => "PID",
            _ if is_build_id(inner) => "BUILD",
            _ => return word.to_owned(),
        };
        word.replace(inner, told)
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ") + "\n";
    text.lines().map(line).collect()
}

fn is_build_id(word: &str) -> bool {
    let is_base36 = word.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    word.len() == 14 && is_base36 && word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Gives the app a repository with the code that a push would have brought.
fn have_code(world: &World, app: &str) {
    let repository = Repository::empty();
    repository
        .write("Dockerfile", "FROM scratch\nEXPOSE 5000\n")
        .write("Procfile", "web: httpd\n")
        .commit("code");
    world.run(&format!("git:initialize {app}"));
    let folder = world.layout.root.join(app).display().to_string();
    let from = repository.path().display().to_string();
    repository.git(&["-C", &folder, "fetch", "-q", &from, "main:master"]).ok();
    let mut image = Image::default();
    image.config.cmd = vec!["httpd".to_owned()];
    world.docker.plan_build(PlannedBuild { image, ..PlannedBuild::default() });
}

#[test]
fn a_plugin_hears_the_life_of_an_app() {
    let world = World::new();
    listen(&world);
    let mut story = String::new();
    let mut chapter = |world: &World, title: &str| story.push_str(&format!("# {title}\n{}\n", heard(world)));

    let app_json = r#"{ "formation": { "worker": { "quantity": 1 } } }"#.to_owned();
    let procfile = "web: httpd\nworker: work\n".to_owned();
    let shop = Shop { app_json: String::new(), procfile, ..Shop::of(world) };
    chapter(&shop.world, "apps:create shop");

    let (outcome, told) = platform::runtime().unwrap().block_on(shop.told("one"));
    outcome.unwrap_or_else(|failure| panic!("{failure:?}\n{told}"));
    chapter(&shop.world, "a push");

    let shop = Shop { app_json, ..shop };
    platform::runtime().unwrap().block_on(shop.told("two")).0.expect("deployed");
    chapter(&shop.world, "a second push, with an app.json that decides the scale");

    let told = shop.world.run("ps:scale shop web=2");
    assert!(told.contains("app.json"), "its app.json forbids it: {told}");
    let shop = Shop { app_json: String::new(), ..shop };
    platform::runtime().unwrap().block_on(shop.told("three")).0.expect("deployed");
    drop(heard(&shop.world));
    let told = shop.world.run("ps:scale shop web=2 worker=0");
    assert!(!told.contains("exit "), "{told}");
    chapter(&shop.world, "ps:scale shop web=2 worker=0");

    have_code(&shop.world, "shop");
    drop(heard(&shop.world));
    let told = shop.world.run("apps:rename shop store");
    assert!(!told.contains("exit "), "{told}");
    chapter(&shop.world, "apps:rename shop store");

    let told = shop.world.run("--force apps:destroy store");
    assert!(!told.contains("exit "), "{told}");
    chapter(&shop.world, "apps:destroy store");

    expect_file!["story.txt"].assert_eq(&story);
}
