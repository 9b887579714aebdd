//! docker-options: kept by phase and process type, a line each.

use crate::support::World;

fn shop() -> World {
    let world = World::new();
    world.run("--quiet apps:create shop");
    world
}

#[test]
fn options_are_kept_apart_by_phase_and_found_however_they_are_quoted() {
    let world = shop();
    assert_eq!(world.run("docker-options:add shop build,deploy,run -v /tmp:/tmp --link a"), "");
    let again = world.run("docker-options:add shop deploy --label 'x=a b' --link a");
    assert_eq!(again, "");
    assert_eq!(
        world.run("docker-options:list shop --phase deploy"),
        "--label 'x=a b'\n--link a\n-v /tmp:/tmp\n"
    );
    assert_eq!(world.run("docker-options:remove shop deploy --label \"x=a b\""), "");
    assert_eq!(world.run("docker-options:remove shop run --nowhere"), "");
    assert_eq!(world.run("docker-options:report shop --docker-options-deploy"), "--link a -v /tmp:/tmp\n");
    assert_eq!(world.run("docker-options:report shop --docker-options-build"), "--link a -v /tmp:/tmp\n");
}

#[test]
fn what_an_older_release_stored_as_it_was_typed_can_be_removed() {
    let world = shop();
    world.run("docker-options:add shop deploy -v /tmp:/tmp");
    let stored = world.layout.lib.join("config/docker-options/shop/_default_.deploy");
    let old = "--group-add $(getent group docker | cut -d: -f3)";
    std::fs::write(&stored, format!("{old}\n-v /tmp:/tmp\n")).unwrap();
    assert_eq!(world.run_words(&["docker-options:remove", "shop", "deploy", old]), "");
    assert_eq!(world.run("docker-options:list shop --phase deploy"), "-v /tmp:/tmp\n");
}

#[test]
fn a_process_type_has_options_of_its_own() {
    let world = shop();
    world.run("docker-options:add --process web,worker shop deploy --memory 1g");
    // Where it is typed last it is meant just the same.
    world.run("docker-options:add shop deploy --cpus 2 --process web");
    assert_eq!(world.run("docker-options:list --process web shop --phase deploy"), "--cpus 2\n--memory 1g\n");
    let report = world.run("docker-options:report shop --format json");
    assert!(report.contains(r#""deploy.worker":"--memory 1g""#), "{report}");
    assert_eq!(
        world.run("docker-options:clear --process web shop"),
        "-----> Clearing docker-options for shop on phase deploy for process web\n"
    );
    assert_eq!(world.run("docker-options:list --process web shop --phase deploy"), "");
    assert_eq!(world.run("docker-options:list --process worker shop --phase deploy"), "--memory 1g\n");
}

#[test]
fn clearing_says_what_goes() {
    let world = shop();
    world.run("docker-options:add shop build,run --link a");
    assert_eq!(
        world.run("docker-options:clear shop build"),
        "-----> Clearing docker-options for shop on phase build\n"
    );
    assert_eq!(world.run("docker-options:report shop --docker-options-run"), "--link a\n");
    assert_eq!(
        world.run("docker-options:clear shop"),
        "-----> Clearing docker-options for shop on all phases\n"
    );
    assert_eq!(world.run("docker-options:report shop --docker-options-run"), "\n");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let world = shop();
    for (line, told) in [
        ("docker-options:add shop nowhere --link a", "Phase(s) must be one of [build deploy run]"),
        ("docker-options:add nobody deploy --link a", "App nobody does not exist"),
        (
            "docker-options:add --process web shop build --link a",
            "--process is only supported for the deploy phase, got \"build\"",
        ),
        ("docker-options:add shop deploy --process web", "Please specify docker options to add to the phase"),
        ("docker-options:add shop deploy --link 'a", "is opened and not closed"),
        (
            "docker-options:list --process _default_ --phase deploy shop",
            "\"_default_\" is reserved and cannot be used as a --process value",
        ),
        ("docker-options:list shop", "--phase is required"),
    ] {
        let ran = if line.contains('\'') {
            world.run_words(&["docker-options:add", "shop", "deploy", "--link", "'a"])
        } else {
            world.run(line)
        };
        assert!(ran.contains(told) && ran.contains("exit"), "{line}: {ran}");
    }
}

#[test]
fn programs_get_options_as_lists_too() {
    let world = shop();
    world.run("docker-options:add shop deploy --link a -v /b:/c");
    world.run("docker-options:add shop deploy --process web -p 8080:5000");
    let json: serde_json::Value =
        serde_json::from_str(&world.run("docker-options:report shop --format json")).expect("JSON");
    for (key, value) in [
        ("build-list", serde_json::json!([])),
        ("deploy", serde_json::json!("--link a -v /b:/c")),
        ("docker-options-deploy", serde_json::json!("--link a -v /b:/c")),
        ("deploy-list", serde_json::json!(["--link a", "-v /b:/c"])),
        ("deploy.web-list", serde_json::json!(["-p 8080:5000"])),
        ("run-list", serde_json::json!([])),
    ] {
        assert_eq!(json[key], value, "{key} of {json}");
    }
    // Only under the short names.
    assert!(json.get("docker-options-deploy-list").is_none(), "{json}");
}
