//! repo: what an app's repository and builds keep.

use crate::support::World;
use expect_test::expect;

#[test]
fn garbage_is_collected_where_there_is_a_repository() {
    let world = World::new();
    world.run("apps:create shop");
    assert!(world.run("repo:gc shop").contains("has no repository yet"));
    world.run("git:initialize shop");
    expect![[r#"
        -----> Collecting garbage in the repository of shop
               0 bytes of objects, 0 bytes before
    "#]]
    .assert_eq(&world.run("repo:gc shop"));
    expect![""].assert_eq(&world.run("--quiet repo:gc shop"));
    assert!(world.run("repo:gc nothing").contains("App nothing does not exist"));
}

#[test]
fn a_cache_that_is_not_there_is_as_good_as_purged() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        -----> Purged the build cache of shop
    "#]]
    .assert_eq(&world.run("repo:purge-cache shop"));
    expect![""].assert_eq(&world.run("--quiet repo:purge-cache shop"));
    assert!(world.run("repo:purge-cache nothing").contains("App nothing does not exist"));
}
