use expect_test::expect;

use crate::support::{World, deployed};

fn procfile(world: &World, text: &str) {
    let folder = world.layout.data("ps").join("shop");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("Procfile"), text).expect("a Procfile");
}

#[test]
fn the_scale_is_shown_as_dokku_shows_it() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        -----> Scaling for shop
        proctype: qty
        --------: ---
        web:  1
    "#]]
    .assert_eq(&world.run("ps:scale shop"));
    expect![[r#"
        -----> Scaling shop processes: web=2 worker=1
    "#]]
    .assert_eq(&world.run("ps:scale shop web=2 worker=1"));
    expect![[r#"
        web:  2
        worker: 1
    "#]]
    .assert_eq(&world.run("--quiet ps:scale shop"));
    expect![[r#"
        [{"process_type":"web","quantity":2},{"process_type":"worker","quantity":1}]
    "#]]
    .assert_eq(&world.run("ps:scale shop --format json"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("ps:scale nope"));
}

#[test]
fn only_types_of_the_procfile_are_scaled_up() {
    let world = World::new();
    world.run("apps:create shop");
    procfile(&world, "web: node web.js --port $PORT\nworker: node worker.js\n");
    expect![[r#"
        -----> Scaling shop processes: wroker=1
        2> !     wroker is not a valid process name to scale up
        exit 1
    "#]]
    .assert_eq(&world.run("ps:scale shop wroker=1"));
    expect![[r#"
        -----> Scaling shop processes: web=x
        2> !     Invalid count for process type web
        exit 1
    "#]]
    .assert_eq(&world.run("ps:scale shop web=x"));
    expect![[r#"
        -----> Scaling shop processes: worker
        2> !     Missing count for process type worker
        exit 1
    "#]]
    .assert_eq(&world.run("ps:scale shop worker"));
    expect![[r#"
        -----> Scaling shop processes: worker=1 mail=0
    "#]]
    .assert_eq(&world.run("ps:scale shop worker=1 mail=0"));
    expect![[r#"
        mail: 0
        web:  1
        worker: 1
    "#]]
    .assert_eq(&world.run("--quiet ps:scale shop"));
}

#[test]
fn the_report_tells_what_runs() {
    let world = World::new();
    deployed(&world, "shop", &["web.1", "web.2", "worker.1"]);
    world.docker.end_container("shop.web.2", 1);
    expect![[r#"
        =====> shop ps information
               Deployed:                         true
               Processes:                        3
               Ps can scale:                     true
               Ps computed dockerfile start cmd: 
               Ps computed procfile path:        Procfile
               Ps computed restart policy:       on-failure:10
               Ps computed skip deploy:          false
               Ps computed start cmd:            
               Ps computed stop timeout seconds: 30
               Ps dockerfile start cmd:          
               Ps global procfile path:          
               Ps global restart policy:         
               Ps global skip deploy:            
               Ps global stop timeout seconds:   
               Ps procfile path:                 
               Ps restart policy:                
               Ps skip deploy:                   
               Ps start cmd:                     
               Ps stop timeout seconds:          
               Restore:                          true
               Running:                          mixed
               Status web 1:                     running (CID: 00000000000)
               Status web 2:                     exited (CID: 00000000000)
               Status worker 1:                  running (CID: 00000000000)
    "#]]
    .assert_eq(&world.run("ps:report shop"));
    expect![[r#"
        mixed
    "#]]
    .assert_eq(&world.run("ps:report shop --running"));
    expect![[r#"
        exited (CID: 00000000000)
    "#]]
    .assert_eq(&world.run("ps:report shop --status-web.2"));
    expect![[r#"
        =====> --global ps information
               Ps computed procfile path:        Procfile
               Ps computed restart policy:       on-failure:10
               Ps computed skip deploy:          false
               Ps computed stop timeout seconds: 30
               Ps global procfile path:          
               Ps global restart policy:         
               Ps global skip deploy:            
               Ps global stop timeout seconds:   
    "#]]
    .assert_eq(&world.run("ps:report --global"));
    world.run("apps:create idle");
    expect![[r#"
        false
    "#]]
    .assert_eq(&world.run("ps:report idle --deployed"));
    expect![[r#"
        false
        mixed
    "#]]
    .assert_eq(&world.run("ps:report --running"));
}

#[test]
fn settings_are_checked() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        2> !     Invalid restart-policy specified
        2> !     one of no, always, unless-stopped, on-failure, on-failure:N
        exit 1
    "#]]
    .assert_eq(&world.run("ps:set shop restart-policy sometimes"));
    expect![[r#"
        =====> Setting restart-policy to on-failure:20
    "#]]
    .assert_eq(&world.run("ps:set shop restart-policy on-failure:20"));
    expect![[r#"
        on-failure:20
    "#]]
    .assert_eq(&world.run("ps:report shop --ps-computed-restart-policy"));
    expect![[r#"
        2> !     Property cannot be specified globally
        exit 1
    "#]]
    .assert_eq(&world.run("ps:set --global restore false"));
    expect![[r#"
        2> !     Invalid property specified, valid properties include: dockerfile-start-cmd, procfile-path, restart-policy, restore, skip-deploy, start-cmd, stop-timeout-seconds
        exit 1
    "#]].assert_eq(&world.run("ps:set shop nope x"));
}

#[test]
fn an_app_that_is_not_deployed_has_nothing_to_restart() {
    let world = World::new();
    world.run("apps:create shop");
    for verb in ["restart", "stop", "start", "restore"] {
        assert_eq!(
            world.run(&format!("ps:{verb} shop")),
            "2> !     App shop has not been deployed\n",
            "{verb}"
        );
    }
    expect![[r#"
        2> !     Unable to restart all apps when specifying a process name
        exit 1
    "#]]
    .assert_eq(&world.run("ps:restart --all web"));
    expect![[r#"
        -----> Running restart against app shop
        2> !     Running restart in serial mode
        2> !     App shop has not been deployed
    "#]]
    .assert_eq(&world.run("ps:restart --all"));
    expect![[r#"
        2> !     Invalid value -3 for --parallel flag
        2> !     a number of apps, or -1 for one per processor
        exit 1
    "#]]
    .assert_eq(&world.run("ps:stop --all --parallel -3"));
}

#[test]
fn a_stopped_app_stays_stopped() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    expect![[r#"
        -----> Stopping shop
    "#]]
    .assert_eq(&world.run("ps:stop shop"));
    expect![[r#"
        docker update --restart=no 0000000000050000000000000000000000000000000000000000000000000000
        docker stop --time 30 0000000000050000000000000000000000000000000000000000000000000000
    "#]]
    .assert_eq(&world.docker.take_calls());
    expect![[r#"
        false
    "#]]
    .assert_eq(&world.run("ps:report shop --restore"));
    expect![[r#"
        2> !     Skipping ps:restore for shop as restore property is false
    "#]]
    .assert_eq(&world.run("ps:restore shop"));
}

#[test]
fn one_container_is_restarted_as_it_is() {
    let world = World::new();
    deployed(&world, "shop", &["web.1", "web.2"]);
    world.run("--quiet ps:set shop stop-timeout-seconds 7");
    let id = world.docker.state().container_id("shop.web.2").expect("it is there");
    assert_eq!(world.run("ps:restart shop web.2"), "-----> Restarting web.2 of shop\n");
    assert_eq!(world.docker.take_calls(), format!("docker restart --time 7 {id}\n"));
    expect![[r#"
        2> !     shop has no container web.3
        2> !     ps:report shop shows which there are
        exit 1
    "#]]
    .assert_eq(&world.run("ps:restart shop web.3"));
    world.run("apps:lock shop");
    assert!(world.run("ps:restart shop web.2").contains("deploy lock in place"));
    assert_eq!(world.docker.take_calls(), "");
}

/// The lock of ps:retire stood where such an app has its folder.
#[test]
fn an_app_may_be_called_retire() {
    let world = World::new();
    world.run("--quiet ps:retire");
    deployed(&world, "retire", &["web.1"]);
    expect![[r#"
        -----> Scaling retire processes: web=2
    "#]]
    .assert_eq(&world.run("ps:scale --skip-deploy retire web=2"));
    world.run("ps:set retire procfile-path Procfile.retire");
    assert!(!world.run("ps:retire retire").contains("exit"));
    assert!(!world.run("ps:retire").contains("exit"));
    world.run("--quiet --force apps:destroy retire");
    assert!(!world.run("ps:retire").contains("exit"));
}

#[test]
fn an_app_that_runs_is_left_alone() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    expect![[r#"
        -----> Configuring shop.localhost...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     App shop already running
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("ps:start shop"));
    assert_eq!(world.docker.take_calls(), "");
}

#[test]
fn inspect_hides_what_is_secret() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    let told = world.run("ps:inspect shop");
    assert!(told.contains("\"SECRET=XXXXXX\"") && told.contains("\"PORT=5000\""), "{told}");
    assert!(!told.contains("hidden"), "{told}");
}

#[test]
fn apps_that_run_cost_a_restore_nothing() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    deployed(&world, "blog", &["web.1", "worker.1"]);
    expect![[r#"
        -----> Running restore against app blog
        -----> Running restore against app shop
        2> !     Restore specified without app, assuming --all
        2> !     Running restore in serial mode
        2> !     App blog already running
        2> !     App shop already running
    "#]]
    .assert_eq(&world.run("ps:restore"));
    assert_eq!(world.docker.take_calls(), "");
}

#[test]
fn routes_follow_containers_that_an_engine_restart_moved() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    deployed(&world, "blog", &["web.1"]);
    let folder = world.layout.app(&"shop".parse().expect("a name"));
    let address = folder.join("IP.web.1");
    std::fs::write(&address, "172.17.0.99").expect("writable");
    std::fs::write(folder.join("PORT.web.1"), "5000").expect("writable");
    let told = world.run("ps:restore");
    assert!(told.contains("-----> Configuring shop.localhost"), "{told}");
    assert!(!told.contains("-----> Configuring blog.localhost"), "{told}");
    assert_ne!(std::fs::read_to_string(&address).expect("readable"), "172.17.0.99");
}

/// The release is there still: what was scaled down to none can come back.
#[test]
fn an_app_without_containers_can_be_scaled_up_again() {
    let world = World::new();
    deployed(&world, "shop", &[]);
    let app: dokku::model::AppName = "shop".parse().expect("a name");
    dokku::store::properties::set(&world.layout, "common", &(&app).into(), "deployed", "true")
        .expect("writable");
    world.run("ps:scale --skip-deploy shop web=0");
    let told = world.run("ps:restore");
    assert!(!told.contains("releasing"), "nothing is to run: {told}");
    world.run("checks:skip shop");
    let told = world.run("ps:scale shop web=1");
    assert!(told.contains("Deploying web (count=1)"), "{told}");
}

#[test]
fn that_an_app_is_to_stop_is_known_before_its_containers_end() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    let before = world.run("ps:report shop --restore");
    world.add_plugin("guard", "scheduler-stop", "exit 3");
    assert!(world.run("ps:stop shop").contains("exit 3"));
    assert_eq!(world.run("ps:report shop --restore"), before);

    let restore = "$DOKKU_LIB_ROOT/config/ps/shop/restore";
    world.add_plugin("guard", "scheduler-stop", &format!("cat {restore} >&2"));
    assert!(world.run("ps:stop shop").contains("false"), "it is said first");
    assert_eq!(world.run("ps:report shop --restore"), "false\n");
}
