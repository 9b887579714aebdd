use expect_test::expect;

use crate::support::World;

#[test]
fn an_app_is_created_once() {
    let world = World::new();
    expect![[r#"
        2> !     You haven't deployed any applications yet
    "#]]
    .assert_eq(&world.run("apps:list"));
    expect![[r#"
        -----> Creating hello...
    "#]]
    .assert_eq(&world.run("apps:create hello"));
    expect![[r#"
        2> !     Name is already taken
        exit 1
    "#]]
    .assert_eq(&world.run("apps:create hello"));
    expect![[r#"
        =====> My Apps
        hello
    "#]]
    .assert_eq(&world.run("apps:list"));
    expect![[r#"
        hello
    "#]]
    .assert_eq(&world.run("--quiet apps:list"));
    expect![[r#"
        ["hello"]
    "#]]
    .assert_eq(&world.run("apps:list --format json"));
    expect![""].assert_eq(&world.run("apps:exists hello"));
}

#[test]
fn what_is_wrong_is_said() {
    let world = World::new();
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("apps:exists nope"));
    expect![[r#"
        2> !     Please specify an app to run the command on
        exit 1
    "#]]
    .assert_eq(&world.run("apps:create"));
    expect![[r#"
        2> !     App name must begin with lowercase alphanumeric character, and may only contain lowercase alphanumerics, dots, and hyphens
        exit 1
    "#]]
    .assert_eq(&world.run("apps:create ../etc"));
    expect![[r#"
        2> !     `apps:crate` is not a dokku command.
        2> !     See `dokku help` for a list of available commands.
        2> !     Did you mean `apps:create`?
        exit 1
    "#]]
    .assert_eq(&world.run("apps:crate x"));
}
