//! Releases as a user sees them. What a rollback does to an app is told in `deploy::rollback`.

use std::sync::Arc;

use dokku::platform;
use dokku::platform::steps::Unwatched;
use expect_test::expect;

use crate::deploy::Shop;
use crate::support::World;

/// An app with two releases.
fn shop() -> Shop {
    let shop = Shop::new();
    shop.world.run("config:set --no-restart shop SECRET=hidden");
    for revision in ["1111111111111111", "2222222222222222"] {
        platform::runtime()
            .expect("a runtime")
            .block_on(shop.deploy(revision, Arc::new(Unwatched)))
            .expect("deployed");
        shop.world.run("ps:scale --skip-deploy shop web=2");
    }
    shop.world.docker.take_calls();
    shop
}

/// Ids of builds differ from run to run, as the pids of what they are made in.
fn steady(seen: &str) -> String {
    seen.lines().filter(|line| !line.starts_with("Build ID:")).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn releases_are_listed_the_newest_first() {
    let world = World::new();
    world.run("--quiet apps:create shop");
    expect![[r"
        No releases recorded for this app
    "]]
    .assert_eq(&world.run("releases:list shop"));
    assert_eq!(world.run("releases:list shop --format json"), "[]\n");
    expect![[r#"
        2> !     App nobody does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("releases:list nobody"));
    expect![[r#"
        2> !     Invalid format specified, supported formats: json, stdout
        exit 1
    "#]]
    .assert_eq(&world.run("releases:list shop --format xml"));

    let shop = shop();
    expect![[r#"
        Release  Status   Deployed              By      Source    Commit    Changes
        2        current  2026-01-02T03:04:05Z  tester  git-hook  22222222  commit: 11111111 -> 22222222; image: 000000000004 -> 000000000006; scale: web=1 -> web=2
        1        kept     2026-01-02T03:04:05Z  tester  git-hook  11111111  
    "#]].assert_eq(&shop.world.run("releases:list shop"));
    let json = shop.world.run("releases:list shop --format json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[1]["status"], "kept");
    assert_eq!(json[0]["commit"], "2222222222222222");
    assert_eq!(json[0]["rolled_back_to"], serde_json::Value::Null);
    assert!(shop.world.docker.take_calls().is_empty(), "a list changes nothing");
}

#[test]
fn a_release_is_shown_without_the_values_of_its_variables() {
    let shop = shop();
    expect![[r#"
        Release:         1
        Status:          kept
        Deployed:        2026-01-02T03:04:05Z
        By:              tester
        Source:          git-hook
        Commit:          1111111111111111
        Image:           sha256:0000000000040000000000000000000000000000000000000000000000000000
        Builder:         dockerfile
        Scale:           web=1
        Detected Ports:  http:5000:5000
        Checks:          skipped="_all_" wait-to-retire="7" watch="0"
        Files:           Procfile
        Config:          GIT_REV SECRET
    "#]]
    .assert_eq(&steady(&shop.world.run("releases:info shop 1")));
    let whole = shop.world.run("releases:info shop --show-values");
    assert!(whole.contains(r#"SECRET="hidden""#), "{whole}");
    let json = shop.world.run("releases:info shop 2 --format json");
    assert!(!json.contains("hidden"), "{json}");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["config"]["SECRET"], serde_json::Value::Null);
    assert_eq!(json["scale"], serde_json::json!(["web=2"]));
    let json = shop.world.run("releases:info shop 2 --format json --show-values");
    assert!(json.contains(r#""SECRET":"hidden""#), "{json}");
    expect![[r#"
        2> !     No release 7 of shop is known
        2> !     'releases:list shop' shows which there are
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:info shop 7"));
    expect![[r#"
        2> !     App nobody does not exist
        exit 20
    "#]]
    .assert_eq(&shop.world.run("releases:info nobody"));
}

#[test]
fn a_rollback_tells_what_it_does_and_what_stays() {
    let shop = shop();
    let told = shop.world.run("releases:rollback shop");
    let told: Vec<&str> = told.lines().collect();
    let (head, tail) = (told[..5].join("\n"), told[told.len() - 2..].join("\n"));
    expect![[r#"
        -----> Returning shop to release 1, of 2026-01-02T03:04:05Z
               commit: 22222222 -> 11111111
               image: 000000000006 -> 000000000004
               scale: web=2 -> web=1
        -----> Deploying shop via the docker-local scheduler...
    "#]]
    .assert_eq(&format!("{head}\n"));
    expect![[r#"
        -----> shop is back at release 1, as release 3
               The branch master still has the later code: the next push, or ps:rebuild shop, deploys that
    "#]]
    .assert_eq(&format!("{tail}\n"));
    assert!(told.contains(&"=====> Application deployed:"), "{told:?}");
    expect![[r#"
        -----> Nothing to do: shop is as release 1 was
    "#]]
    .assert_eq(&shop.world.run("releases:rollback shop 1"));
    expect![[r#"
        2> !     There is no release of shop before release 1, which serves as release 3
        2> !     'releases:list shop' shows which releases can be returned to, by their number
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:rollback shop"));
    expect![[r#"
        Release  Status   Deployed              By      Source               Commit    Changes
        3        current  2026-01-02T03:04:05Z  tester  releases:rollback 1  11111111  commit: 22222222 -> 11111111; image: 000000000006 -> 000000000004; scale: web=2 -> web=1
        2        kept     2026-01-02T03:04:05Z  tester  git-hook             22222222  commit: 11111111 -> 22222222; image: 000000000004 -> 000000000006; scale: web=1 -> web=2
        1        kept     2026-01-02T03:04:05Z  tester  git-hook             11111111  
    "#]].assert_eq(&shop.world.run("releases:list shop"));
}

#[test]
fn a_rollback_that_cannot_be_says_why_and_changes_nothing() {
    let world = World::new();
    world.run("--quiet apps:create new");
    expect![[r#"
        2> !     No release of new is recorded yet
        2> !     Each deploy that goes live and changes something makes one
        exit 1
    "#]]
    .assert_eq(&world.run("releases:rollback new"));
    expect![[r#"
        2> !     App nobody does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("releases:rollback nobody"));

    let shop = shop();
    expect![[r#"
        2> !     No release 9 of shop is known
        2> !     'releases:list shop' shows which there are
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:rollback shop 9"));
    let before = shop.seen();
    shop.world
        .docker
        .state()
        .images
        .retain(|_, image| !image.repo_tags.iter().any(|name| name == "dokku/shop:release-1"));
    expect![[r#"
        2> !     The image of release 1 of shop is no longer there (000000000004)
        2> !     Push its commit again: 1111111111111111
        2> !     'releases:list shop' shows which releases have their image
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:rollback shop 1"));
    let list = shop.world.run("releases:list shop");
    assert!(list.contains("image-gone"), "{list}");
    assert_eq!(before.replace("image dokku/shop:release-1 1111111111111111\n", ""), shop.seen());
    assert!(shop.world.docker.take_calls().is_empty());

    let shop = self::shop();
    shop.world.run("apps:lock shop");
    expect![[r#"
        -----> Returning shop to release 1, of 2026-01-02T03:04:05Z
               commit: 22222222 -> 11111111
               image: 000000000006 -> 000000000004
               scale: web=2 -> web=1
        2> !     shop currently has a deploy lock in place. Exiting...
        2> !     Run 'apps:unlock' to release the existing deploy lock
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:rollback shop"));
}

#[test]
fn what_a_release_needs_and_another_has_by_now_is_named() {
    let shop = Shop::new();
    let deploy = |revision: &str| {
        let deployed = shop.deploy(revision, Arc::new(Unwatched));
        platform::runtime().expect("a runtime").block_on(deployed).expect("deployed");
    };
    shop.world.run("ports:set shop http:80:5000 tcp:7000:7000");
    shop.world.run("storage:create data");
    shop.world.run("storage:mount shop data --container-dir /data");
    deploy("one");
    shop.world.run("ports:set shop http:80:5000");
    deploy("two");
    shop.world.run("ports:set shop http:80:5000 tcp:7000:7000");
    deploy("three");
    shop.world.run("ports:set shop http:80:5000");
    // What was set while the third served is the third's.
    deploy("four");
    let mounts = shop.world.run("releases:info shop 1");
    assert!(mounts.contains("Mounts:"), "{mounts}");
    shop.world.run("storage:unmount shop data --container-dir /data");
    shop.world.run("storage:destroy data --force");
    let told = shop.world.run("releases:rollback shop 1");
    expect![[r#"
        2> !     Release 1 of shop mounts the storage entry data, which is no longer there
        2> !     Make it again with 'storage:create data', or return to another release
        exit 1
    "#]]
    .assert_eq(&told);
}

#[test]
fn how_many_are_kept_is_set_and_reported() {
    let shop = shop();
    expect![[r#"
        =====> shop releases information
               Releases computed retention:      10
               Releases computed retention disk: 2g
               Releases count:                   2
               Releases current:                 2
               Releases global retention:        
               Releases global retention disk:   
               Releases retention:               
               Releases retention disk:          
               Releases rollback to:             1
    "#]]
    .assert_eq(&shop.world.run("releases:report shop"));
    expect![[r#"
        2> !     Invalid retention "0": must be a number from 1 on
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:set shop retention 0"));
    expect![[r#"
        2> !     Invalid retention-disk "much": must be a size such as 500m or 2g, or none
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:set shop retention-disk much"));
    expect![[r#"
        =====> Setting retention to 1
    "#]]
    .assert_eq(&shop.world.run("releases:set shop retention 1"));
    assert_eq!(shop.world.run("releases:report shop --releases-count"), "1\n");
    shop.world.run("releases:set --global retention-disk none");
    assert_eq!(shop.world.run("releases:report shop --releases-computed-retention-disk"), "none\n");
    expect![[r#"
        2> !     Invalid property specified, valid properties include: retention, retention-disk
        exit 1
    "#]]
    .assert_eq(&shop.world.run("releases:set shop size 1"));
}

#[test]
fn releases_go_along_with_a_new_name_stay_with_the_original_of_a_clone_and_end_with_their_app() {
    let shop = shop();
    shop.world.run("apps:clone --skip-deploy shop copy");
    assert_eq!(shop.world.run("releases:list copy"), "No releases recorded for this app\n");
    shop.world.run("apps:rename --skip-deploy shop store");
    let list = shop.world.run("releases:list store");
    assert!(list.contains("2        current") && list.contains("1        kept"), "{list}");
    let names = || -> Vec<String> {
        let state = shop.world.docker.state();
        let mut names: Vec<String> =
            state.images.values().flat_map(|image| image.repo_tags.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["dokku/store:release-1", "dokku/store:release-2"]);
    assert!(!shop.world.layout.data("releases").join("shop").exists());
    shop.world.run("cleanup");
    assert_eq!(names().len(), 2);
    shop.world.run("apps:destroy --force store");
    assert_eq!(names(), Vec::<String>::new());
    assert!(!shop.world.layout.data("releases").join("store").exists());
}
