use std::net::TcpListener;

use dokku::model::AppName;
use dokku::store::{Extracted, processes};
use expect_test::expect;

use crate::support::{World, deployed};

#[test]
fn process_types_move_between_the_lists() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        -----> Disabling zero downtime for app's (shop) proctypes (web,worker,urgentworker,notifications)
    "#]]
    .assert_eq(&world.run("checks:disable shop web,worker,urgentworker,notifications"));
    expect![[r#"
        -----> Skipping zero downtime for app's (shop) proctypes (urgentworker,worker)
    "#]]
    .assert_eq(&world.run("checks:skip shop urgentworker,worker"));
    expect![[r#"
        =====> shop checks information
               Checks attempts:                
               Checks computed attempts:       3
               Checks computed default wait:   10
               Checks computed listen timeout: 60
               Checks computed liveness:       true
               Checks computed timeout:        5
               Checks computed wait:           5
               Checks computed wait to retire: 60
               Checks computed watch:          3
               Checks default wait:            
               Checks disabled list:           web,notifications
               Checks global attempts:         
               Checks global default wait:     
               Checks global listen timeout:   
               Checks global liveness:         
               Checks global timeout:          
               Checks global wait:             
               Checks global wait to retire:   
               Checks global watch:            
               Checks listen timeout:          
               Checks liveness:                
               Checks skipped list:            urgentworker,worker
               Checks timeout:                 
               Checks wait:                    
               Checks wait to retire:          
               Checks watch:                   
    "#]]
    .assert_eq(&world.run("checks:report shop"));
    expect![[r#"
        -----> Enabling zero downtime for app's (shop) proctypes (web,worker)
    "#]]
    .assert_eq(&world.run("checks:enable shop web,worker"));
    expect![[r#"
        notifications
    "#]]
    .assert_eq(&world.run("checks:report shop --checks-disabled-list"));
    expect![[r#"
        -----> Disabling zero downtime for app (shop)
    "#]]
    .assert_eq(&world.run("checks:disable shop"));
    expect![[r#"
        {"attempts":"","computed-attempts":"3","computed-default-wait":"10","computed-listen-timeout":"60","computed-liveness":"true","computed-timeout":"5","computed-wait":"5","computed-wait-to-retire":"60","computed-watch":"3","default-wait":"","disabled-list":"_all_","global-attempts":"","global-default-wait":"","global-listen-timeout":"","global-liveness":"","global-timeout":"","global-wait":"","global-wait-to-retire":"","global-watch":"","listen-timeout":"","liveness":"","skipped-list":"none","timeout":"","wait":"","wait-to-retire":"","watch":""}
    "#]].assert_eq(&world.run("checks:report shop --format json"));
    expect![[r#"
        -----> Enabling zero downtime for app's (shop)
    "#]]
    .assert_eq(&world.run("checks:enable shop"));
    expect![[r#"
        none
    "#]]
    .assert_eq(&world.run("checks:report shop --checks-skipped-list"));
}

#[test]
fn settings_are_numbers() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        =====> Setting wait-to-retire to 30
    "#]]
    .assert_eq(&world.run("checks:set shop wait-to-retire 30"));
    expect![[r#"
        30
    "#]]
    .assert_eq(&world.run("checks:report shop --checks-computed-wait-to-retire"));
    expect![[r#"
        2> !     soon is not a number of seconds
        exit 1
    "#]]
    .assert_eq(&world.run("checks:set shop wait-to-retire soon"));
}

/// An app whose web container answers at this machine's loopback address.
fn shop(world: &World, port: u16) {
    deployed(world, "shop", &["web.1"]);
    let app: AppName = "shop".parse().expect("a name");
    let dyno = "web.1".parse().expect("a dyno");
    processes::set_port(&world.layout, &app, &dyno, port).expect("writable");
    world.run("network:set shop static-web-listener 127.0.0.1");
}

#[test]
fn a_port_that_is_open_passes() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    shop(&world, port);
    let told = world.run("checks:run shop").replace(&port.to_string(), "PORT");
    expect![[r#"
        -----> Running pre-flight checks
        -----> Running checks for app (shop.web.1)
        =====> Executing 1 healthchecks
               Running healthcheck name='default' attempts=1 port=PORT retries=0 timeout=60 type='listening' wait=5
               Healthcheck succeeded name='default'
               All checks successful (web.1)
    "#]].assert_eq(&told);
    expect![[r#"
        -----> Running pre-flight checks
        2> !     Invalid process type specified (shop.web2)
        exit 1
    "#]]
    .assert_eq(&world.run("checks:run shop web2"));
    expect![[r#"
        -----> Running pre-flight checks
        2> !     Invalid container index specified (shop.web.2)
        exit 1
    "#]]
    .assert_eq(&world.run("checks:run shop web.2"));
}

#[test]
fn what_an_app_wants_done_about_a_failure_has_a_time_and_says_how_it_went() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    let wants = |command: &str| {
        let app: AppName = "shop".parse().expect("a name");
        let path = Extracted::AppJson.path(&world.layout, &app);
        let check = format!(
            r#"{{"type": "liveness", "name": "alive", "path": "/", "onFailure": {{"command": {command}}}}}"#
        );
        let text = format!(r#"{{"healthchecks": {{"web": [{check}]}}}}"#);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("an app.json");
    };
    wants(r#"["/bin/false"]"#);
    expect![[r#"
        2> !     shop: what is wanted when check 'alive' fails: failed to execute on failure command: exit status 1
        exit 1
    "#]]
    .assert_eq(&world.run("checks:tell shop web alive --quiet -x"));
    wants(r#"["/bin/sh", "-c", "head -c 2000000 /dev/zero"]"#);
    let told = world.run("checks:tell shop web alive once");
    assert!(told.contains("it wrote more than 1048576 bytes"), "{told}");
    // A check that the app has no longer wants nothing.
    assert_eq!(world.run("checks:tell shop web other once"), "");
    assert_eq!(world.run("checks:tell shop worker alive once"), "");
}
