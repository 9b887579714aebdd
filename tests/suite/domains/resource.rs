//! resource: limits and reservations by process type.

use expect_test::expect;

use crate::support::World;

fn shop() -> World {
    let world = World::new();
    world.run("--quiet apps:create shop");
    world
}

#[test]
fn values_are_set_shown_and_cleared_one_by_one() {
    let world = shop();
    expect![[r#"
        =====> Setting resource limits for shop
               cpu: 0.5
               memory: 512
    "#]]
    .assert_eq(&world.run("resource:limit --memory 512 --cpu 0.5 shop"));
    expect![[r#"
        =====> Setting resource reservation for shop (worker)
               memory: 1g
    "#]]
    .assert_eq(&world.run("resource:reserve --memory 1g --process-type worker shop"));
    expect![[r#"
        =====> resource limits shop information [defaults]
               cpu: 0.5
               memory: 512
               memory-swap: 
               network: 
               network-ingress: 
               network-egress: 
               nvidia-gpu: 
    "#]]
    .assert_eq(&world.run("resource:limit shop"));
    expect![[r#"
        =====> shop resource information
               resource _default_ limit cpu:    0.5
               resource _default_ limit memory: 512
               resource worker reserve memory:  1g
    "#]]
    .assert_eq(&world.run("resource:report shop"));
    assert_eq!(world.run("resource:report shop --resource-worker.reserve.memory"), "1g\n");
    expect![[r#"
        =====> Setting resource limits for shop
               cpu: cleared
    "#]]
    .assert_eq(&world.run("resource:limit --cpu clear shop"));
    assert!(world.run("resource:report shop --resource-_default_.limit.cpu").contains("Invalid flag passed"));
}

#[test]
fn clearing_takes_a_process_type_or_everything() {
    let world = shop();
    world.run("resource:limit --memory 1g --process-type web shop");
    world.run("resource:limit --memory 2g --process-type worker shop");
    world.run("resource:reserve --memory 1g shop");
    assert_eq!(
        world.run("resource:limit-clear --process-type web shop"),
        "=====> clearing shop limits (web)\n"
    );
    let report = world.run("resource:report shop --format json");
    assert!(report.contains("worker.limit.memory") && !report.contains("web.limit.memory"), "{report}");
    assert_eq!(world.run("resource:reserve-clear shop"), "=====> clearing shop reservation\n");
    assert_eq!(world.run("resource:report shop --format json"), "{}\n");
    assert!(world.run("resource:limit nowhere").contains("App nowhere does not exist"));
}

#[test]
fn containers_get_what_holds_for_their_process_type() {
    let world = shop();
    world.run("resource:limit --memory 512 --cpu 2 --network 10 shop");
    world.run("resource:limit --memory 1g --process-type web shop");
    world.run("resource:limit --memory 3g --process-type build shop");
    world.run("resource:reserve --memory 100 shop");
    let options = |process: &str| {
        world.run(&format!("plugin:trigger docker-args-process-deploy shop dockerfile latest {process}"))
    };
    let web = options("web 1");
    assert!(web.trim_end().ends_with(" --cpus=2 --memory=1g --memory-reservation=100m"), "{web}");
    let worker = options("worker 1");
    assert!(worker.trim_end().ends_with(" --cpus=2 --memory=512m --memory-reservation=100m"), "{worker}");
    let build =
        |builder: &str| world.run(&format!("plugin:trigger docker-args-process-build shop {builder}"));
    assert_eq!(build("dockerfile").trim_end(), " --memory=3g");
    assert_eq!(build("pack").trim_end(), "");
    let asked = |what: &str| world.run(&format!("plugin:trigger resource-get-property shop {what}"));
    assert_eq!(asked("worker limit memory"), "512");
    assert_eq!(asked("web limit memory"), "1g");
    assert_eq!(asked("web reserve cpu"), "");
}

#[test]
fn a_clone_has_the_same_and_a_destroyed_app_leaves_nothing() {
    let world = shop();
    world.run("resource:limit --memory 1g shop");
    world.run("--quiet apps:clone --skip-deploy shop copy");
    assert_eq!(world.run("resource:report copy --resource-_default_.limit.memory"), "1g\n");
    world.run("--quiet --force apps:destroy copy");
    world.run("--quiet apps:create copy");
    assert_eq!(world.run("resource:report copy --format json"), "{}\n");
}
