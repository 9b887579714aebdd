//! Plugins that misbehave, and installations that go wrong.

use std::io::Read;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::Instant;

use expect_test::expect;

use crate::support::processes::is_over;
use crate::support::wait::until_true;
use crate::support::{Repository, World};

#[test]
fn a_plugin_that_hangs_is_stopped_with_all_it_started() {
    let world = World::new();
    let started = world.layout.root.join("started");
    let script = format!("trap '' TERM; sleep 600 & echo $! > {}; wait; sleep 600", started.display());
    world.add_plugin("toys", "post-create", &script);
    expect!["2> !     Plugin (toys) is not currently installed\nexit 1\n"]
        .assert_eq(&world.run("plugin:set toys timeout 1"));
    expect!["=====> Setting timeout to 1\n"].assert_eq(&world.run("plugin:set --global timeout 1"));
    let begin = Instant::now();
    let told = world.run("apps:create shop");
    assert!(
        told.contains("Plugin toys did not end post-create within 1 s and was stopped")
            && told.contains("dokku plugin:set toys timeout SECONDS")
            && told.ends_with("exit 1\n"),
        "{told}"
    );
    assert!(begin.elapsed().as_secs() < 60);
    let pid = std::fs::read_to_string(started).expect("it has started").trim().parse().expect("a number");
    // Killed is not yet gone on a machine that is busy.
    until_true(10, "what it started is gone too", || is_over(pid));
}

#[test]
fn what_is_no_property_of_plugins_is_refused() {
    let world = World::new();
    world.add_fixture("settings");
    expect![[r#"
        2> !     timeout soon is no number of seconds: invalid digit found in string
        2> !     A whole number of seconds; 0 for no limit
        exit 1
    "#]]
    .assert_eq(&world.run("plugin:set settings timeout soon"));
    expect!["2> !     Invalid property specified, valid properties include: timeout\nexit 1\n"]
        .assert_eq(&world.run("plugin:set settings speed 3"));
    expect!["=====> Unsetting timeout\n"].assert_eq(&world.run("plugin:set settings timeout"));
}

#[test]
fn a_plugin_that_answers_without_end_is_stopped() {
    let world = World::new();
    let script = "head -c 1000000000 /dev/zero | tr '\\0' x && touch \"$DOKKU_ROOT/.through\"";
    world.add_plugin("toys", "user-auth-app", script);
    let told = world.run("apps:list");
    assert!(
        told.contains("Plugin toys answered user-auth-app with more than 16 MiB and was stopped")
            && told.ends_with("exit 1\n"),
        "{}",
        &told[..told.len().min(2000)]
    );
    assert!(!world.layout.root.join(".through").exists());
}

#[test]
fn a_plugin_that_a_signal_ends_is_named() {
    let world = World::new();
    world.add_plugin("toys", "post-create", "exit 139");
    let told = world.run("apps:create shop");
    assert!(
        told.contains("Plugin toys ended post-create with status 139: signal 11")
            && told.ends_with("exit 139\n"),
        "{told}"
    );
    world.add_plugin("toys", "play", "kill -SEGV $$");
    let told = world.run("plugin:trigger play");
    assert!(
        told.contains("Plugin toys ended play with status 139") && told.ends_with("exit 139\n"),
        "{told}"
    );
}

#[test]
fn paths_with_spaces_are_paths_like_others() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let repository = Repository::empty();
    repository
        .write("plugin.toml", "[plugin]\nversion = \"1\"\n[plugin.config]\n")
        .write("a folder/a file", "found\n")
        .write_program("subcommands/default", "#!/bin/sh\ncat \"$(dirname \"$0\")/../a folder/a file\"\n")
        .commit("spaces");
    let moved = folder.path().join("my plugins");
    std::fs::create_dir(&moved).expect("a folder");
    repository.git(&["clone", "-q", ".", &moved.join("toys").display().to_string()]).ok();
    let url = format!("file://{}", moved.join("toys").display());
    let told = world.run_words(&["plugin:install", &url]);
    assert!(told.contains("Plugin toys enabled"), "{told}");
    expect!["found\n"].assert_eq(&world.run("toys"));
    let told = world.run_words(&["plugin:install", &url, "--name", "my toys"]);
    assert!(told.contains("Invalid plugin name specified"), "{told}");
}

#[test]
fn what_cannot_be_fetched_is_told_and_leaves_nothing() {
    let world = World::new();
    let repository = Repository::of_plugin("settings");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    drop(listener);
    let here = repository.path().display();
    for (words, told_of) in [
        (format!("file://{here} --committish v9"), "v9"),
        (format!("file://{here}/nothing"), "nothing"),
        (format!("git://127.0.0.1:{port}/toys.git"), "127.0.0.1"),
        (format!("https://127.0.0.1:{port}/toys.git"), "127.0.0.1"),
    ] {
        let told = world.run(&format!("plugin:install {words} --name toys"));
        assert!(told.contains(told_of) && told.ends_with("exit 1\n"), "{words}: {told}");
        assert!(told.lines().any(|line| line.starts_with("2> !     ")), "{words}: {told}");
        let left = std::fs::read_dir(world.layout.plugins_available()).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{words}: {told}");
        assert!(world.run("plugin:installed toys").contains("exit 1"));
    }
}

#[test]
fn an_installation_that_is_killed_leaves_nothing_that_is_called() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("git://{}/toys.git", listener.local_addr().expect("its address"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_dokku"))
        .args(["plugin:install", &url, "--name", "toys"])
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("DOKKU_SYSTEM_USER", "nobody-of-that-name")])
        .env("DOKKU_ROOT", &world.layout.root)
        .env("DOKKU_LIB_PATH", &world.layout.lib)
        .env("DOKKU_LOGS_DIR", &world.layout.logs)
        .env("DOKKU_RUN_DIR", &world.layout.run)
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    // It has asked, and waits for an answer that does not come.
    let (mut asked, _) = listener.accept().expect("it connects");
    asked.read_exact(&mut [0; 4]).expect("it asks");
    child.kill().expect("it can be killed");
    child.wait().expect("it has ended");
    assert!(!world.layout.plugins_enabled().join("toys").exists());
    let repository = Repository::of_plugin("settings");
    let told = world.run(&format!("plugin:install file://{} --name toys", repository.path().display()));
    assert!(told.contains("Plugin toys enabled"), "{told}");
    expect!["red 3\n"].assert_eq(&world.run("toys"));
    let names = std::fs::read_dir(world.layout.plugins_available()).expect("a folder").flatten();
    let names: Vec<_> = names.map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["toys"]);
}
