//! Commands about the server itself: version, events, trace, keys, the combined report.

use expect_test::expect;

use crate::support::World;

#[test]
fn the_version_has_three_spellings() {
    let world = World::new();
    let version = format!("dokku version {}\n", env!("CARGO_PKG_VERSION"));
    for spelling in ["version", "-v", "--version"] {
        assert_eq!(world.run(spelling), version, "{spelling}");
    }
    std::fs::create_dir_all(&world.layout.lib).expect("a folder");
    std::fs::write(world.layout.version(), "0.38.1\n").expect("writable");
    assert_eq!(world.run("version"), "dokku version 0.38.1\n");
    std::fs::write(world.layout.stable_version(), "0.38.2").expect("writable");
    assert_eq!(world.run("version"), "dokku version 0.38.2\n");
}

#[test]
fn events_are_logged_while_they_are_on() {
    let world = World::new();
    assert_eq!(world.run("events"), "", "nothing was logged yet");
    assert_eq!(world.run("events:list"), "2> !     Events logger disabled\n");
    assert_eq!(world.run("events:on"), "Enabling dokku events logger\n");
    world.run("apps:create hello");
    let log = world.run("events");
    let line = log.lines().find(|line| line.contains("post-create")).unwrap_or(&log);
    assert!(line.starts_with("Jan  2 03:04:05 "), "{line}");
    assert!(line.contains("]: INVOKED: post-create( hello ) NAME=default FINGERPRINT= DOKKU_PID="), "{line}");
    let list = world.run("events:list");
    assert!(list.starts_with("=====> Events currently logged "), "{list}");
    assert!(list.lines().any(|line| line.trim_end() == "post-create"), "{list}");
    assert!(world.run("--quiet events:list").lines().all(|line| !line.contains("=====>")));
    assert_eq!(world.run("events:off"), "Disabling dokku events logger\n");
    let before = world.run("events");
    world.run("apps:create other");
    assert_eq!(world.run("events"), before);
    assert!(world.run("events:help").contains("Manage event logging"));
}

#[test]
fn trace_mode_is_turned_on_and_off() {
    let world = World::new();
    assert!(world.run("trace").contains("Manage trace mode"));
    assert_eq!(world.run("trace"), world.run("trace:help"));
    assert_eq!(world.run("trace:on"), "-----> Enabling trace mode\n");
    let file = world.layout.startup_folder().join("DOKKU_TRACE");
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), "export DOKKU_TRACE=1\n");
    assert!(world.run("trace:off").starts_with("-----> Disabling trace mode\n"));
    assert!(!file.exists());
}

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ me@home";

#[test]
fn keys_are_added_listed_and_removed() {
    let world = World::new();
    assert_eq!(world.run("ssh-keys:list"), "2> !     No public keys found\nexit 1\n");
    assert_eq!(world.run("ssh-keys:list --format json"), "[]\n");
    let added = world.run_with_input("ssh-keys:add me", format!("{KEY}\n"));
    if added.contains("must be run as root") {
        // Only root may; a test run by somebody else sees no more than the refusal.
        assert!(added.ends_with("exit 1\n"), "{added}");
        return;
    }
    assert!(added.starts_with("SHA256:") && added.lines().count() == 1, "{added}");
    let fingerprint = added.trim();
    assert_eq!(
        world.run("ssh-keys:list"),
        format!(
            "{fingerprint} NAME=\"me\" SSHCOMMAND_ALLOWED_KEYS=\"no-agent-forwarding,no-user-rc,no-X11-forwarding,no-port-forwarding\"\n"
        )
    );
    let json: serde_json::Value =
        serde_json::from_str(&world.run("ssh-keys:list --format json me")).expect("JSON");
    assert_eq!(json[0]["public-key"], KEY);
    assert_eq!(json[0]["fingerprint"], fingerprint);
    expect![[r#"
        2> !     Duplicate ssh key name
        exit 1
    "#]]
    .assert_eq(&world.run_with_input("ssh-keys:add me", KEY));
    expect![[r#"
        2> !     Duplicate ssh public key specified
        exit 1
    "#]]
    .assert_eq(&world.run_with_input("ssh-keys:add other", KEY));
    expect![[r#"
        2> !     Empty key was specified
        exit 1
    "#]]
    .assert_eq(&world.run_with_input("ssh-keys:add other", " \n"));
    assert!(world.run_with_input("ssh-keys:add other", "nonsense").contains("not a valid ssh public key"));
    assert_eq!(world.run("ssh-keys:remove nobody"), "2> !     There is no key of the name nobody\n");
    assert_eq!(world.run(&format!("ssh-keys:remove --fingerprint {fingerprint}")), "");
    assert_eq!(world.run("ssh-keys:list --format json"), "[]\n");
    expect![[r#"
        2> !     A name is required to remove a key, ie: dokku ssh-keys:remove <name>
        exit 1
    "#]]
    .assert_eq(&world.run("ssh-keys:remove"));
    expect![[r#"
        2> !     A fingerprint is required to remove a key, ie: dokku ssh-keys:remove --fingerprint FINGERPRINT
        exit 1
    "#]]
    .assert_eq(&world.run("ssh-keys:remove --fingerprint"));
}

#[test]
fn the_combined_report_begins_with_the_server() {
    let world = World::new();
    world.run("apps:create hello");
    world.add_plugin("zz-mine", "report", "echo \"mine about $1\"");
    let server = world.run("report");
    assert!(server.starts_with("-----> uname: Linux "), "{server}");
    assert!(
        server.contains("-----> dokku version: ") && server.contains("-----> docker daemon info: "),
        "{server}"
    );
    assert!(!server.contains("information"), "{server}");
    let app = world.run("report hello");
    assert!(app.contains("=====> hello app information"), "{app}");
    assert!(app.ends_with("mine about hello\n"), "{app}");
    // What stands before differs by the second: how much room is free, for example.
    let of_app = |seen: &str| seen.split_once("=====>").map(|(_, rest)| rest.to_owned());
    assert_eq!(of_app(&world.run("report --all")), of_app(&app));
    assert_eq!(
        world.run("report --format json"),
        "2> !     --format flag not supported on global report\nexit 1\n"
    );
    assert_eq!(world.run("report nope"), "2> !     App nope does not exist\nexit 20\n");
}
