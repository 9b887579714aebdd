//! In which order listeners are asked, what ends the walk, and that a plugin's own calls land on the same bus.

use std::os::unix::fs::{PermissionsExt, symlink};

use expect_test::expect;

use crate::support::World;

/// Lets plugins call `dokku` and `plugn`, as they do by name; each of them is a process of its own.
fn with_programs(world: &World, script: &str) -> String {
    let folder = world.layout.root.join(".bin");
    if std::fs::create_dir(&folder).is_ok() {
        for name in ["dokku", "plugn"] {
            symlink(env!("CARGO_BIN_EXE_dokku"), folder.join(name)).expect("a link");
        }
    }
    // Nobody becomes somebody else here.
    format!(
        "PATH='{}':$PATH DOKKU_SYSTEM_USER=no-such-user\nexport PATH DOKKU_SYSTEM_USER\n{script}",
        folder.display()
    )
}

#[test]
fn native_and_external_listeners_take_turns_by_name() {
    let world = World::new();
    world.run("apps:create shop");
    world.run("plugin-call fn-plugin-property-list-add docker-options shop web.deploy --label=own");
    for name in ["aaa", "eee", "mmm", "zzz"] {
        world.add_plugin(
            name,
            "docker-args-process-deploy",
            "printf ' %s' \"$(basename \"$(dirname \"$0\")\")\"",
        );
    }
    // docker-options, logs and ps are native.
    expect![[" aaa --label=own eee --log-opt=max-size=10m mmm --restart=on-failure:10 zzz"]]
        .assert_eq(&world.run("plugin:trigger docker-args-process-deploy shop dockerfile latest web 1"));
}

#[test]
fn the_first_that_fails_ends_the_walk_with_its_status() {
    let world = World::new();
    world.run("apps:create shop");
    world.add_plugin("aaa", "pre-delete", "echo one");
    world.add_plugin("bbb", "pre-delete", "echo no >&2; exit 7");
    world.add_plugin("ccc", "pre-delete", "echo never");
    expect![[r#"
        -----> Destroying shop (including all add-ons)
        one
        2>no
        exit 7
    "#]]
    .assert_eq(&world.run("--force apps:destroy shop"));
    assert_eq!(world.run("apps:exists shop"), "");
    // A native listener behind it is not asked either.
    world.add_plugin("aaa", "app-create", "exit 8");
    expect!["exit 8\n"].assert_eq(&world.run("plugin:trigger app-create other"));
    assert!(world.run("apps:exists other").contains("exit 20"));
    // Nor is what was printed before believed.
    world.add_plugin("aaa", "scheduler-detect", "echo mine; exit 9");
    assert!(world.run("ps:report shop").contains("exit 9"));
}

#[test]
fn a_file_that_may_not_be_run_is_passed_over_with_a_word() {
    let world = World::new();
    for name in ["aaa", "bbb"] {
        world.add_plugin(name, "play", "echo played");
    }
    let path = world.layout.plugins_enabled().join("aaa/play");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("a mode");
    expect![[r#"
        played
        2>Trigger 'play' is not executable, skipping plugin (aaa)
    "#]]
    .assert_eq(&world.run("plugin:trigger play"));
}

#[test]
fn a_folder_of_a_triggers_name_listens_to_nothing() {
    let world = World::new();
    world.add_plugin("aaa", "play/play", "echo never");
    expect![""].assert_eq(&world.run("plugin:trigger play"));
}

#[test]
fn listeners_of_the_older_form_read_nothing_and_add_to_it() {
    let world = World::new();
    world.run("apps:create shop");
    world.add_plugin("aaa", "docker-args-run", "printf '%s --label=a' \"$(cat)\"");
    world.add_plugin("zzz", "docker-args-run", "printf '%s --label=z\\n' \"$(cat)\"");
    assert_eq!(world.run("plugin:trigger docker-args-run shop latest"), " --label=a --label=z\n");
}

#[test]
fn what_a_plugin_calls_lands_on_the_same_bus() {
    let world = World::new();
    world.run("events:on");
    let script = with_programs(&world, "plugn trigger inner \"$1\" && dokku apps:create nested");
    world.add_plugin("aaa", "outer", &script);
    let tell = r#"echo "inner $* quiet=$DOKKU_QUIET_OUTPUT flags=$DOKKU_GLOBAL_FLAGS by $DOKKU_COMMAND""#;
    world.add_plugin("zzz", "inner", tell);
    world.add_plugin("zzz", "post-create", "echo \"made $1\"");
    // The heading of apps:create is what --quiet hides.
    expect![[r#"
        inner x quiet=1 flags=--quiet --force by plugin:trigger
        made nested
    "#]]
    .assert_eq(&world.run("--quiet --force plugin:trigger outer x"));
    let log = std::fs::read_to_string(world.layout.events_log()).expect("a log");
    let pid = format!("DOKKU_PID={}", std::process::id());
    for trigger in ["outer( x )", "inner( x )", "post-create( nested )"] {
        let line = log.lines().find(|line| line.contains(&format!("INVOKED: {trigger}")));
        assert!(line.is_some_and(|line| line.ends_with(&pid)), "{trigger}\n{log}");
    }
    world.add_plugin("zzz", "inner", "exit 6");
    expect!["exit 6\n"].assert_eq(&world.run("plugin:trigger outer x"));
}

#[test]
fn a_loop_of_plugins_ends() {
    let world = World::new();
    let script = with_programs(
        &world,
        "[ \"$DOKKU_TRIGGER_DEPTH\" -gt 60 ] || DOKKU_TRIGGER_DEPTH=60\nplugn trigger again",
    );
    world.add_plugin("aaa", "again", &script);
    let told = world.run("plugin:trigger again");
    assert!(told.contains("trigger again was fired 64 levels deep") && told.ends_with("exit 1\n"), "{told}");
}

#[test]
fn plugins_find_what_dokku_promises_in_their_environment() {
    let world = World::new();
    world.add_plugin("tell", "subcommands/default", "env | sort");
    let told = world.run("--app shop tell");
    for name in [
        "DOCKER_BIN=docker",
        "DOKKU_API_VERSION=1",
        "DOKKU_APP_NAME=shop",
        "DOKKU_COMMAND=tell",
        "DOKKU_CONTAINER_LABEL=dokku",
        "DOKKU_DISTRO=debian",
        "DOKKU_EVENTS_LOGFILE=$WORLD/log/events.log",
        "DOKKU_GLOBAL_BUILD_ARGS=--label=",
        "DOKKU_GLOBAL_FLAGS=--app",
        "DOKKU_GLOBAL_RUN_ARGS=--label=",
        "DOKKU_HOST_ROOT=$WORLD/home",
        "DOKKU_LIB_PATH=$WORLD/lib",
        "DOKKU_LIB_ROOT=$WORLD/lib",
        "DOKKU_LOGS_DIR=$WORLD/log",
        "DOKKU_LOGS_HOST_DIR=$WORLD/log",
        "DOKKU_NOT_IMPLEMENTED_EXIT=10",
        "DOKKU_PID=",
        "DOKKU_ROOT=$WORLD/home",
        "DOKKU_SYSTEM_GROUP=dokku",
        "DOKKU_SYSTEM_USER=dokku",
        "DOKKU_VALID_EXIT=0",
        "PLUGIN_AVAILABLE_PATH=$WORLD/lib/plugins/available",
        "PLUGIN_CORE_AVAILABLE_PATH=$WORLD/lib/core-plugins/available",
        "PLUGIN_CORE_ENABLED_PATH=$WORLD/lib/core-plugins/enabled",
        "PLUGIN_CORE_PATH=$WORLD/lib/core-plugins",
        "PLUGIN_ENABLED_PATH=$WORLD/lib/plugins/enabled",
        "PLUGIN_PATH=$WORLD/lib/plugins",
        "SSH_NAME=default",
        "SSH_USER=tester",
    ] {
        assert!(told.lines().any(|line| line.starts_with(name)), "{name}\n{told}");
    }
}
