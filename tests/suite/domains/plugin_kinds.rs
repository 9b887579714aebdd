//! What a plugin may say of itself in its `plugin.toml`, kind by kind, with the plugins of `tests/fixtures/plugins`.

use dokku::platform::docker::{DockerError, Image};
use dokku::platform::process_mark::ProcessMark;
use expect_test::expect;

use crate::support::{PlannedRun, Repository, World};

/// The plugin of the fixtures as a repository, installed from there.
fn install(world: &World, fixture: &str, more: &str) -> String {
    let repository = Repository::of_plugin(fixture);
    world.run(&format!("plugin:install file://{} --name {fixture} {more}", repository.path().display()))
}

/// What is left among the plugins.
fn available(world: &World) -> Vec<String> {
    let entries = std::fs::read_dir(world.layout.plugins_available()).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_plugin_that_suits_is_installed_and_told_so() {
    let world = World::new();
    install(&world, "compatible", "");
    expect!["compatible answers\n"].assert_eq(&world.run("compatible"));
    expect![[r#"
        compatible  manifest    ok  version 1.0.0
        compatible  compatible  ok  needs Dokku >=0.30, <1, held against 0.38.27
    "#]]
    .assert_eq(&world.run("plugin:check"));
    expect![[r#"
        compatible  manifest    ok     version 1.0.0
        compatible  compatible  wrong  it needs Dokku >=0.30, <1, and this is 1.2.0
        2> !     1 thing is wrong with plugins
        exit 1
    "#]]
    .assert_eq(&world.run("plugin:check compatible --dokku 1.2.0"));
    assert!(world.run("plugin:check --dokku newest").contains("newest is no version of Dokku"));
}

#[test]
fn a_plugin_that_does_not_suit_is_refused_and_leaves_nothing() {
    let world = World::new();
    let told = install(&world, "needs-newer", "");
    assert!(
        told.contains("Plugin needs-newer does not suit: it needs Dokku >=99, and this is 0.38.27")
            && told.ends_with("exit 1\n"),
        "{told}"
    );
    assert_eq!(available(&world), Vec::<String>::new());
    assert!(world.run("needs-newer").contains("is not a dokku command"));

    let told = install(&world, "needs-newer", "--force");
    assert!(told.contains("it needs Dokku >=99") && told.contains("Plugin needs-newer enabled"), "{told}");
    expect!["needs-newer answers\n"].assert_eq(&world.run("needs-newer"));
    let json = world.run("plugin:check needs-newer --format json");
    let wrong = r#"{"plugin":"needs-newer","kind":"compatible","state":"wrong""#;
    assert!(json.contains(wrong), "{json}");
    world.run("plugin:disable needs-newer");
    let off = world.run("plugin:check needs-newer");
    assert!(off.contains("compatible  off") && !off.contains("exit"), "{off}");
}

#[test]
fn an_update_to_what_does_not_suit_changes_nothing() {
    let world = World::new();
    let repository = Repository::of_plugin("compatible");
    world.run(&format!("plugin:install file://{} --name toys", repository.path().display()));
    let newer = "[plugin]\nversion = \"2\"\ncompatible = { dokku = \">=99\" }\n[plugin.config]\n";
    repository.write("plugin.toml", newer).commit("for a later Dokku");
    let told = world.run("plugin:update toys");
    assert!(told.contains("Plugin toys does not suit") && told.contains("toys stays as it is"), "{told}");
    assert!(world.run("plugin:check toys").contains("version 1.0.0"));
    assert_eq!(available(&world), ["toys"]);
    world.run("plugin:update toys --force");
    assert!(world.run("plugin:check toys").contains("version 2"));
}

#[test]
fn settings_are_shown_chosen_and_forgotten() {
    let world = World::new();
    world.add_fixture("settings");
    expect!["red 3\n"].assert_eq(&world.run("settings"));
    expect!["color: red\nsize: 3\n"].assert_eq(&world.run("plugin:config settings"));
    expect!["=====> Setting color of settings to deep blue\n"].assert_eq(&world.run_words(&[
        "plugin:config",
        "settings",
        "color",
        "deep blue",
    ]));
    expect!["deep blue\n"].assert_eq(&world.run("plugin:config settings color"));
    expect!["deep blue 3\n"].assert_eq(&world.run("settings"));
    expect![[r#"
        settings  manifest  ok  version 1.0.0
        settings  config    ok  color (set), size
    "#]]
    .assert_eq(&world.run("plugin:check settings"));
    world.run("plugin:config settings color --unset");
    expect!["red 3\n"].assert_eq(&world.run("settings"));
}

#[test]
fn settings_that_nobody_knows_are_refused() {
    let world = World::new();
    world.add_fixture("settings");
    world.add_fixture("compatible");
    expect![[r#"
        2> !     Plugin settings has no setting colour
        2> !     It has: color, size
        exit 1
    "#]]
    .assert_eq(&world.run("plugin:config settings colour blue"));
    assert!(world.run("plugin:config compatible x").contains("names none"));
    assert!(world.run("plugin:config nobody").contains("Plugin (nobody) is not currently installed"));
    std::fs::write(world.layout.plugin_settings(), "[settings").expect("written");
    let told = world.run("plugin:check settings");
    assert!(
        told.contains("settings  config    wrong") && told.contains("config.toml cannot be read"),
        "{told}"
    );
    assert!(world.run("plugin:config settings color blue").contains("config.toml cannot be read"));
}

#[test]
fn what_has_no_plugin_toml_is_no_plugin() {
    let world = World::new();
    let repository = Repository::empty();
    repository.write_program("install", "#!/bin/sh\necho installs\n").commit("something else");
    let told = world.run(&format!("plugin:install file://{} --name toys", repository.path().display()));
    assert!(told.contains("toys is no plugin: it has no plugin.toml"), "{told}");
    assert_eq!(available(&world), Vec::<String>::new());
    // One that is there already is called, as in Dokku, and told of.
    world.add_plugin("toys", "subcommands/default", "echo hello");
    expect!["hello\n"].assert_eq(&world.run("toys"));
}

#[test]
fn a_plugin_toml_that_cannot_be_read_is_told_of_and_the_plugin_is_called() {
    let world = World::new();
    let repository = Repository::empty();
    repository
        .write("plugin.toml", "[plugin\nversion = 1\n")
        .write_program("subcommands/default", "#!/bin/sh\necho hello\n")
        .commit("broken");
    let told = world.run(&format!("plugin:install file://{} --name toys", repository.path().display()));
    assert!(told.contains("plugin.toml cannot be read") && told.contains("Plugin toys enabled"), "{told}");
    expect!["hello\n"].assert_eq(&world.run("toys"));
    let told = world.run("plugin:check");
    assert!(told.contains("toys  manifest  wrong  plugin.toml cannot be read"), "{told}");
}

/// A world with the plugin `external` and its image.
fn external() -> World {
    let world = World::new();
    world.add_fixture("external");
    world.docker.have_image("dokku-test-plugin:1", Image::default());
    world
}

fn says(world: &World, run: PlannedRun) {
    world.docker.plan_run("dokku-test-plugin:1", run);
}

#[test]
fn a_plugin_that_comes_as_an_image_answers_from_a_container() {
    let world = external();
    let (stdout, stderr) = ("one\n".to_owned(), "two\n".to_owned());
    says(&world, PlannedRun { stdout, stderr, exit: Some(0), ..PlannedRun::default() });
    expect!["one\n2>two\n"].assert_eq(&world.run("plugin:trigger external-echo a --b"));
    let calls = world.docker.take_calls();
    let create = calls.lines().find(|line| line.starts_with("docker create")).unwrap_or_default();
    for part in [
        "--rm",
        "--interactive",
        "--env=CONFIG_greeting=hello",
        "--label=com.dokku.plugin=external",
        "dokku-test-plugin:1 external-echo a --b",
    ] {
        assert!(create.contains(part), "{part}: {calls}");
    }
    assert!(!create.contains(" --env=PATH="), "{create}");
    assert!(world.docker.state().containers.is_empty(), "removed afterwards");
    expect![[r#"
        external  manifest  ok  version 1.0.0
        external  config    ok  greeting
        external  external  ok  image dokku-test-plugin:1, takes external-echo, builder-detect
        external  roles     ok  chooses a builder
    "#]]
    .assert_eq(&world.run("plugin:check external"));
}

#[test]
fn a_container_reads_what_the_trigger_was_given() {
    let world = external();
    says(&world, PlannedRun { echoes: true, ..PlannedRun::default() });
    expect!["typed\n"].assert_eq(&world.run_with_input("plugin:trigger external-echo", "typed\n"));
}

#[test]
fn a_container_that_fails_is_a_listener_that_fails() {
    let world = external();
    says(&world, PlannedRun { exit: Some(7), ..PlannedRun::default() });
    expect!["exit 7\n"].assert_eq(&world.run("plugin:trigger external-echo"));
    assert!(world.docker.state().containers.is_empty());
    // Without its image.
    let world = World::new();
    world.add_fixture("external");
    let told = world.run("plugin:trigger external-echo");
    assert!(
        told.contains("Plugin external did not take external-echo") && told.ends_with("exit 1\n"),
        "{told}"
    );
    assert!(world.run("plugin:check external").contains("fetched when first needed"));
    let unreachable = || DockerError::Unreachable(dokku::model::Fault::new("no engine answers"));
    world.docker.plan_fault("docker create", unreachable());
    assert!(world.run("plugin:trigger external-echo").contains("no engine answers"));
}

#[test]
fn a_container_that_hangs_is_stopped_and_removed() {
    let world = external();
    world.run("plugin:set external timeout 1");
    let told = world.run("plugin:trigger external-echo");
    assert!(told.contains("Plugin external did not end external-echo within 1 s"), "{told}");
    assert!(world.docker.state().containers.is_empty());
}

#[test]
fn containers_whose_process_was_killed_are_removed_by_the_next() {
    let world = external();
    let container = |mark: &ProcessMark, image: &str| {
        world.run("plugin:set external timeout 1");
        let docker = world.docker.clone();
        let mut plan = dokku::model::RunPlan::of_image(image);
        plan.label.insert("com.dokku.plugin".to_owned(), "external".to_owned());
        plan.label.insert("com.dokku.plugin-process".to_owned(), mark.to_string());
        let made = async {
            use dokku::platform::docker::Docker;
            docker.create_container(&plan).await.expect("made")
        };
        dokku::platform::runtime().expect("a runtime").block_on(made)
    };
    let alive = container(&ProcessMark::own(), "dokku-test-plugin:1");
    let killed = container(&ProcessMark { start_time: 1, ..ProcessMark::own() }, "dokku-test-plugin:1");
    says(&world, PlannedRun { exit: Some(0), ..PlannedRun::default() });
    world.run("plugin:trigger external-echo");
    let state = world.docker.state();
    assert!(state.containers.contains_key(&alive) && !state.containers.contains_key(&killed));
}

#[test]
fn a_plugin_without_triggers_or_image_is_told_so() {
    let world = World::new();
    for (name, text, why) in [
        ("a", "[plugin.external]\nimage = \"x\"\n", "it names no triggers"),
        ("b", "[plugin.external]\ntriggers = [\"x\"]\n", "it names no image"),
        ("c", "[plugin.daemon]\ntriggers = [\"x\"]\n", "its program"),
    ] {
        world.add_plugin(name, "subcommands/default", "echo fine");
        let folder = world.layout.plugins_enabled().join(name);
        let available = world.layout.plugins_available().join(name);
        std::fs::create_dir_all(world.layout.plugins_available()).expect("a folder");
        std::fs::rename(&folder, &available).expect("moved");
        std::os::unix::fs::symlink(&available, &folder).expect("a link");
        std::fs::write(available.join("plugin.toml"), text).expect("written");
        let told = world.run(&format!("plugin:check {name}"));
        assert!(told.contains(why) && told.contains("wrong") && told.ends_with("exit 1\n"), "{told}");
        expect!["fine\n"].assert_eq(&world.run(name));
    }
}
