use expect_test::expect;

use crate::support::{World, deployed_writing};

#[test]
fn lines_carry_time_and_container_in_colour() {
    let world = World::new();
    deployed_writing(
        &world,
        "shop",
        &["web.1", "worker.1"],
        "2026-01-02T03:04:05.1Z hello\n2026-01-02T03:04:05.2Z you\n",
    );
    expect![[r#"
        ESC[36m2026-01-02T03:04:05.1Z app[web.1]:ESC[0m hello
        ESC[36m2026-01-02T03:04:05.2Z app[web.1]:ESC[0m you
        ESC[33m2026-01-02T03:04:05.1Z app[worker.1]:ESC[0m hello
        ESC[33m2026-01-02T03:04:05.2Z app[worker.1]:ESC[0m you
    "#]]
    .assert_eq(&world.run("logs shop").replace('\x1b', "ESC"));
    expect![[r#"
        ESC[36m2026-01-02T03:04:05.2Z app[worker.1]:ESC[0m you
    "#]]
    .assert_eq(&world.run("logs shop --num 1 --ps worker").replace('\x1b', "ESC"));
    expect![[r#"
        2026-01-02T03:04:05.1Z hello
        2026-01-02T03:04:05.2Z you
    "#]]
    .assert_eq(&world.run("logs -q -p web.1 shop"));
}

#[test]
fn what_is_wrong_is_said() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        2> !     App shop has not been deployed
        exit 1
    "#]]
    .assert_eq(&world.run("logs shop"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("logs nope"));
    expect![[r#"
        2> !     Please specify an app to run the command on
        exit 1
    "#]]
    .assert_eq(&world.run("logs"));
    expect![[r#"
        =====> shop failed deploy logs
        2> !     No failed containers found
    "#]]
    .assert_eq(&world.run("logs:failed shop"));
    expect![[r#"
        -----> Running logs:failed against app shop
        =====> shop failed deploy logs
        2> !     Running logs:failed in serial mode
        2> !     No failed containers found
    "#]]
    .assert_eq(&world.run("logs:failed --all"));
}

#[test]
fn sizes_and_sinks_are_checked() {
    let world = World::new();
    world.run("apps:create shop");
    let set = |value: &str| world.run(&format!("logs:set shop max-size {value}"));
    assert_eq!(set("20m"), "=====> Setting max-size to 20m\n");
    assert_eq!(set("unlimited"), "=====> Setting max-size to unlimited\n");
    for value in ["20", "m", "xk"] {
        assert!(set(value).starts_with("2> !     Invalid max-size "), "{value}");
    }
    expect![[r#"
        2> !     Property can only be specified globally
        exit 1
    "#]]
    .assert_eq(&world.run("logs:set shop vector-image x"));
    expect![[r#"
        =====> shop logs information
               Logs app label alias:           
               Logs computed app label alias:  com.dokku.app-name
               Logs computed max size:         unlimited
               Logs computed vector cron sink: 
               Logs computed vector image:     timberio/vector:0.57.0-debian
               Logs computed vector networks:  
               Logs computed vector sink:      
               Logs global app label alias:    
               Logs global max size:           
               Logs global vector cron sink:   
               Logs global vector image:       
               Logs global vector networks:    
               Logs global vector sink:        
               Logs max size:                  unlimited
               Logs vector cron sink:          
               Logs vector sink:               
    "#]]
    .assert_eq(&world.run("logs:report shop"));
}
