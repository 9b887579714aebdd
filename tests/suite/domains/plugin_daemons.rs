//! Plugins with a program that is kept running.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dokku::platform::env::Env;
use dokku::server::daemons::Daemons;
use expect_test::expect;
use tokio::runtime::Runtime;

use crate::support::World;
use crate::support::wait::until_true;

/// What `dokku serve` does for daemons, as long as the value lives.
struct Serve {
    daemons: Arc<Daemons>,
    runtime: Option<Runtime>,
}

impl Serve {
    fn of(world: &World) -> Self {
        let layout = &world.layout;
        let mut env: Env =
            [("PATH", "/usr/bin:/bin"), ("DOKKU_SYSTEM_USER", "nobody-of-that-name")].into_iter().collect();
        for (key, path) in [
            ("DOKKU_ROOT", &layout.root),
            ("DOKKU_LIB_PATH", &layout.lib),
            ("DOKKU_LOGS_DIR", &layout.logs),
            ("DOKKU_RUN_DIR", &layout.run),
        ] {
            env.set(key, path.display().to_string());
        }
        let program = PathBuf::from(env!("CARGO_BIN_EXE_dokku"));
        let runtime = Some(dokku::platform::server_runtime().expect("a runtime"));
        let serve = Serve { daemons: Daemons::by(program, layout.clone(), env), runtime };
        serve.adjust();
        serve
    }

    fn adjust(&self) {
        let runtime = self.runtime.as_ref().expect("it runs");
        runtime.block_on(self.daemons.adjust()).expect("plugins can be read");
    }

    /// It is gone, and had no time to stop anything.
    fn end_by_kill(mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(self.daemons.stop());
        }
    }
}

#[test]
fn a_daemon_is_sent_its_triggers_and_programs_answer_the_others() {
    let world = World::new();
    world.add_fixture("daemon");
    let _serve = Serve::of(&world);
    expect![[r#"
        hello: a --b c d
        2>told by plugin:trigger
    "#]]
    .assert_eq(&world.run_words(&["plugin:trigger", "daemon-echo", "a", "--b", "c d"]));
    expect![[r#"
        hello: x
        read: täglich
        2>told by plugin:trigger
    "#]]
    .assert_eq(&world.run_with_input("plugin:trigger daemon-echo x", "täglich\n"));
    expect!["a file answers: y\n"].assert_eq(&world.run("plugin:trigger daemon-file y"));
    world.run("plugin:config daemon greeting hi");
    assert!(world.run("plugin:trigger daemon-echo").starts_with("hi: \n"));
    let told = world.run("plugin:check daemon");
    assert!(told.contains("daemon  daemon    ok  runs, takes daemon-echo, "), "{told}");
}

#[test]
fn a_daemon_that_fails_or_cannot_be_understood_is_a_listener_that_fails() {
    let world = World::new();
    world.add_fixture("daemon");
    let _serve = Serve::of(&world);
    expect!["2>sorry\nexit 7\n"].assert_eq(&world.run("plugin:trigger daemon-fail"));
    for (trigger, why) in [
        ("daemon-hang-up", "its daemon hung up before it had answered"),
        ("daemon-babble", "its daemon's answer is no line of the protocol"),
        ("daemon-flood", "it answered with a line of more than 1 MiB"),
    ] {
        let told = world.run(&format!("plugin:trigger {trigger}"));
        let said = format!("Plugin daemon did not take {trigger}: {why}");
        assert!(told.contains(&said) && told.ends_with("exit 1\n"), "{told}");
    }
    world.run("plugin:set daemon timeout 1");
    let told = world.run("plugin:trigger daemon-silent");
    assert!(
        told.contains("Plugin daemon did not take daemon-silent: its daemon was silent for 1 s")
            && told.contains("dokku plugin:set daemon timeout SECONDS"),
        "{told}"
    );
}

#[test]
fn a_daemon_that_is_down_is_a_listener_that_fails() {
    let world = World::new();
    world.add_fixture("daemon");
    world.run("plugin:set daemon timeout 1");
    let told = world.run("plugin:trigger daemon-echo");
    assert!(
        told.contains("Plugin daemon did not take daemon-echo: nobody listens on")
            && told.contains("its log tells why it ended")
            && told.ends_with("exit 1\n"),
        "{told}"
    );
    let told = world.run("plugin:check daemon");
    assert!(
        told.contains("daemon  daemon    wrong  nobody listens on") && told.ends_with("exit 1\n"),
        "{told}"
    );
}

#[test]
fn a_daemon_that_ends_is_started_again() {
    let world = World::new();
    world.add_fixture("daemon");
    world.add_fixture("ends-at-once");
    let _serve = Serve::of(&world);
    world.run("plugin:trigger daemon-end");
    until_true(30, "it is there again", || {
        world.run("plugin:trigger daemon-echo x").starts_with("hello: x\n")
    });
    let starts = || std::fs::read_to_string(world.layout.root.join(".starts")).unwrap_or_default();
    until_true(30, "it is tried again", || starts().lines().count() >= 2);
    assert!(starts().lines().count() < 10, "with pauses");
}

#[test]
fn a_daemon_follows_its_plugin_and_the_server() {
    let world = World::new();
    world.add_fixture("daemon");
    let serve = Serve::of(&world);
    let mark = world.layout.plugin_daemon_mark("daemon");
    let pid =
        || std::fs::read_to_string(&mark).unwrap_or_default().split(' ').next().unwrap_or("").to_owned();
    let is_running = |pid: &str| std::path::Path::new("/proc").join(pid).exists();
    until_true(30, "it answers", || world.run("plugin:trigger daemon-echo x").starts_with("hello: x\n"));
    let first = pid();
    serve.adjust();
    assert!(is_running(&first), "what did not change goes on");
    // The next server finds the daemon of one that was killed, and ends it before it starts its own.
    serve.end_by_kill();
    assert!(is_running(&first), "nobody stopped it");
    let second_server = Serve::of(&world);
    until_true(30, "a second one", || pid() != first && !pid().is_empty());
    until_true(30, "the first is gone", || !is_running(&first));
    until_true(30, "it answers", || world.run("plugin:trigger daemon-echo x").starts_with("hello: x\n"));
    let running = pid();
    world.run("plugin:disable daemon");
    second_server.adjust();
    assert!(!is_running(&running), "stopped with its plugin");
    expect![""].assert_eq(&world.run("plugin:trigger daemon-echo"));
    world.run("plugin:enable daemon");
    second_server.adjust();
    until_true(30, "it answers", || world.run("plugin:trigger daemon-echo x").starts_with("hello: x\n"));
    let last = pid();
    drop(second_server);
    assert!(!is_running(&last), "stopped with the server");
}
