//! How variables came to be what they are, and how they become so again.

use std::os::unix::fs::PermissionsExt;

use expect_test::expect;

use crate::support::{World, deployed};

fn with_history() -> World {
    let world = World::new();
    world.run("apps:create shop");
    world.run_words(&["config:set", "shop", "KEY=one two", "OTHER=1"]);
    world.run("config:unset shop OTHER");
    world.run_with_input("config:import shop -", "KEY=three\nNEW=4\n");
    world
}

#[test]
fn each_change_is_a_revision_whose_values_are_hidden() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        No changes of config vars are recorded
    "#]]
    .assert_eq(&world.run("config:history shop"));
    assert_eq!(world.run("config:history shop --format json"), "[]\n");
    expect![[r#"
        2> !     App nobody does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("config:history nobody"));
    expect![[r#"
        2> !     Please specify an app to run the command on
        exit 1
    "#]]
    .assert_eq(&world.run("config:history"));
    expect![[r#"
        2> !     Invalid format specified, supported formats: json, stdout
        exit 1
    "#]]
    .assert_eq(&world.run("config:history shop --format xml"));

    let world = with_history();
    expect![[r#"
        Revision  Time                  By      What           Changes
        3         2026-01-02T03:04:05Z  tester  config:import  KEY changed, NEW added
        2         2026-01-02T03:04:05Z  tester  config:unset   OTHER removed
        1         2026-01-02T03:04:05Z  tester  config:set     KEY added, OTHER added
    "#]]
    .assert_eq(&world.run("config:history shop"));
    expect![[r#"
        Revision  Time                  By      What           Changes
        3         2026-01-02T03:04:05Z  tester  config:import  KEY changed: "three", NEW added: "4"
        2         2026-01-02T03:04:05Z  tester  config:unset   OTHER removed
        1         2026-01-02T03:04:05Z  tester  config:set     KEY added: "one two", OTHER added: "1"
    "#]]
    .assert_eq(&world.run("config:history shop --show-values"));
    expect![[r#"
        Revision:  1
        Time:      2026-01-02T03:04:05Z
        By:        tester
        What:      config:set
        Changes:   KEY added, OTHER added

        KEY:    ***
        OTHER:  ***
    "#]]
    .assert_eq(&world.run("config:history shop 1"));
    expect![[r#"
        KEY:    one two
        OTHER:  1
    "#]]
    .assert_eq(&world.run("--quiet config:history shop 1 --show-values"));
    expect![[r#"
        {"revision":2,"time":"2026-01-02T03:04:05Z","by":"tester","operation":"config:unset","changes":[{"key":"OTHER","change":"removed"}],"variables":{"KEY":null}}
    "#]].assert_eq(&world.run("config:history shop 2 --format json"));
    let json = world.run("config:history shop --format json");
    assert!(!json.contains("three"), "{json}");
    let json = world.run("config:history shop --format json --show-values");
    assert!(json.contains(r#""value":"three""#), "{json}");
    let record = world.layout.data("config").join("shop/history/3.json");
    assert_eq!(record.metadata().expect("there").permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_others_wrote_into_the_file_is_told() {
    let world = with_history();
    std::fs::write(world.layout.config().join("shop/ENV"), "KEY=three\nHAND=made\n").expect("writable");
    let told = world.run("config:history shop");
    assert!(
        told.ends_with("2> !     Changed since then by none of these commands: HAND added, NEW removed\n"),
        "{told}"
    );
    world.run("config:clear shop");
    let told = world.run("config:history shop");
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[1].ends_with("config:clear   HAND removed, KEY removed"), "{told}");
    assert!(lines[2].contains("outside"), "{told}");
}

#[test]
fn variables_return_to_what_they_were_but_the_commit_stays() {
    let world = with_history();
    world.run("config:set shop GIT_REV=abc");
    expect![[r#"
        -----> Returning to revision 1 of the config vars of shop
        -----> Setting KEY
        -----> Unsetting NEW
        -----> Setting OTHER
    "#]]
    .assert_eq(&world.run("config:rollback shop 1"));
    assert_eq!(world.run("config:export --format shell shop"), "GIT_REV='abc' KEY='one two' OTHER='1' ");
    expect![[r#"
        -----> Returning to revision 1 of the config vars of shop
        -----> Nothing to do: the config vars are as they were then
    "#]]
    .assert_eq(&world.run("config:rollback shop 1"));
    expect![[r#"
        Revision  Time                  By      What               Changes
        4         2026-01-02T03:04:05Z  tester  config:rollback 1  KEY changed, NEW removed, OTHER added
        3         2026-01-02T03:04:05Z  tester  config:import      KEY changed, NEW added
        2         2026-01-02T03:04:05Z  tester  config:unset       OTHER removed
        1         2026-01-02T03:04:05Z  tester  config:set         KEY added, OTHER added
    "#]]
    .assert_eq(&world.run("config:history shop"));
    expect![[r#"
        2> !     No revision 9 of the config vars of shop is known
        2> !     config:history shop shows which revisions there are
        exit 1
    "#]]
    .assert_eq(&world.run("config:rollback shop 9"));
    expect![[r#"
        2> !     Please specify the number of a revision
        2> !     config:history shop shows which revisions there are
        exit 1
    "#]]
    .assert_eq(&world.run("config:rollback shop"));
    expect![[r#"
        2> !     No revision ../../x of the config vars of shop is known
        2> !     config:history shop shows which revisions there are
        exit 1
    "#]]
    .assert_eq(&world.run("config:rollback shop ../../x"));
    expect![[r#"
        2> !     App nobody does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("config:rollback nobody 1"));
}

#[test]
fn variables_of_all_apps_have_a_history_too() {
    let world = World::new();
    world.run("config:set --global A=1");
    world.run("config:set --global A=2");
    expect![[r#"
        -----> Returning to revision 1 of the config vars of all apps
        -----> Setting A
    "#]]
    .assert_eq(&world.run("config:rollback --global 1"));
    assert_eq!(world.run("config:get --global A"), "1\n");
}

#[test]
fn a_deployed_app_is_deployed_again_unless_that_is_not_wanted() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    world.run("checks:skip shop");
    world.run("config:set --no-restart shop A=1");
    world.run("config:set --no-restart shop A=2");
    world.docker.take_calls();
    let told = world.run("config:rollback --no-restart shop 1");
    assert!(!told.contains("Restarting"), "{told}");
    assert_eq!(world.docker.take_calls(), "");
    let told = world.run("config:rollback shop 2");
    assert!(told.contains("-----> Restarting app shop\n"), "{told}");
}

#[test]
fn history_goes_along_with_a_new_name_stays_with_the_original_of_a_clone_and_ends_with_its_app() {
    let world = with_history();
    world.run("apps:clone --skip-deploy shop copy");
    assert_eq!(world.run("config:history copy"), "No changes of config vars are recorded\n");
    world.run("config:set copy A=1");
    let told = world.run("config:history copy");
    assert!(told.contains("outside"), "what it began with can be returned to\n{told}");
    world.run("apps:rename --skip-deploy shop store");
    world.run("config:rollback store 1");
    assert_eq!(world.run("config:get store KEY"), "one two\n");
    assert!(!world.layout.data("config").join("shop").exists());
    world.run("apps:destroy --force store");
    assert!(!world.layout.data("config").join("store").exists());
}

#[test]
fn values_of_a_megabyte_are_kept_once() {
    let world = World::new();
    world.run("apps:create shop");
    let large = "x".repeat(1_000_000);
    world.run_with_input("config:import shop -", format!("BIG={large}\n"));
    for number in 0..20 {
        world.run(&format!("config:set shop A={number}"));
    }
    let folder = world.layout.data("config").join("shop");
    let values = std::fs::read_dir(folder.join("values")).expect("there").count();
    assert_eq!(values, 1);
    world.run("config:unset shop BIG");
    world.run("config:rollback shop 3");
    assert_eq!(world.run("config:get shop BIG").len(), large.len() + 1);
    let told = world.run("config:history shop 1 --show-values");
    assert!(told.len() > large.len());
    let told = world.run("config:history shop --show-values");
    assert!(told.len() < 10_000, "a table shows the beginning alone");
}
