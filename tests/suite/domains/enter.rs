use expect_test::expect;

use crate::support::{PlannedExec, World, deployed};

fn plan(world: &World, stdout: &str, stderr: &str, status: i64) {
    let (stdout, stderr) = (stdout.to_owned(), stderr.to_owned());
    world.docker.plan_exec(PlannedExec { stdout, stderr, status, ..PlannedExec::default() });
}

#[test]
fn a_command_runs_in_the_container_that_is_named() {
    let world = World::new();
    deployed(&world, "shop", &["web.1", "web.2"]);
    plan(&world, "a\nb\n", "", 0);
    expect![[r#"
        a
        b
    "#]]
    .assert_eq(&world.run("enter shop web ls -la --quiet"));
    plan(&world, "", "not here\n", 7);
    expect![[r#"
        2>not here
        exit 7
    "#]]
    .assert_eq(&world.run("enter shop web.2 -- false -- x"));
    plan(&world, "", "", 0);
    expect![[r""]].assert_eq(&world.run("enter shop"));
    plan(&world, "", "", 0);
    expect![[r""]].assert_eq(&world.run("enter shop -- ls"));
    expect![[r#"
        docker exec 0000000000050000000000000000000000000000000000000000000000000000 ls -la --quiet
        docker exec 0000000000060000000000000000000000000000000000000000000000000000 false -- x
        docker exec 0000000000050000000000000000000000000000000000000000000000000000 /bin/bash
        docker exec 0000000000050000000000000000000000000000000000000000000000000000 ls
    "#]]
    .assert_eq(&world.docker.take_calls());
}

#[test]
fn what_is_wrong_is_said() {
    let world = World::new();
    deployed(&world, "shop", &["web.1", "worker.1"]);
    expect![[r#"
        2> !     No container type specified.
        2> !     Available types for app (shop): web worker
        exit 1
    "#]]
    .assert_eq(&world.run("enter shop"));
    expect![[r#"
        2> !     No containers found for type 'mail'
        2> !     Available types for app (shop): web worker
        exit 1
    "#]]
    .assert_eq(&world.run("enter shop mail ls"));
    expect![[r#"
        2> !     Invalid container id for app: ffff
        2> !     Available ids for app (shop): 0000000000050000000000000000000000000000000000000000000000000000 0000000000060000000000000000000000000000000000000000000000000000
        exit 1
    "#]].assert_eq(&world.run("enter shop --container-id ffff ls"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("enter nope"));
    expect![[r#"
        2> !     Please specify an app to run the command on
        exit 1
    "#]]
    .assert_eq(&world.run("enter"));
    world.docker.end_container("shop.worker.1", 0);
    expect![[r#"
        2> !     Container is not running
        exit 1
    "#]]
    .assert_eq(&world.run("enter shop worker"));
}
