use expect_test::expect;

use crate::support::{PlannedRun, World, deployed_writing};

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
        ESC[33m2026-01-02T03:04:05.1Z app[worker.1]:ESC[0m hello
        ESC[36m2026-01-02T03:04:05.2Z app[web.1]:ESC[0m you
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
fn a_container_that_is_gone_keeps_the_others_logs_from_nobody() {
    let world = World::new();
    deployed_writing(&world, "shop", &["web.1", "web.2"], "2026-01-02T03:04:05.1Z hello\n");
    let gone = world.docker.state().container_id("shop.web.1").expect("it is there");
    world.docker.state().containers.remove(&gone);
    expect![[r#"
        {"time":"2026-01-02T03:04:05.1Z","process":"web.2","stream":"stdout","message":"hello"}
        2> !     The container of web.1 is gone, and its log with it
    "#]]
    .assert_eq(&world.run("logs shop --format json"));
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
        2> !     vector-image may only be set globally with --global
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

/// What the log shipper reads.
fn shipped(world: &World) -> serde_json::Value {
    let text = std::fs::read_to_string(world.layout.data("logs").join("vector.json")).expect("it is written");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_log_shippers_file_follows_settings_and_apps() {
    let world = World::new();
    world.run("apps:create shop");
    let said = world.run("logs:set shop vector-sink console://?encoding[codec]=json");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "=====> Setting vector-sink to console://?encoding[codec]=json");
    assert_eq!(lines[1], "       Writing updated vector config to $WORLD/lib/data/logs/vector.json");
    let sources = |world: &World| {
        let found = shipped(world);
        found["sources"].as_object().expect("sources").keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(sources(&world), "docker-source:shop");
    assert!(world.run("logs:set shop vector-sink console").contains("a sink reads TYPE://?key=value"));
    world.run("apps:clone --skip-deploy shop copy");
    assert_eq!(sources(&world), "docker-source:copy docker-source:shop");
    world.run("apps:rename --skip-deploy copy other");
    assert_eq!(sources(&world), "docker-source:other docker-source:shop");
    world.run("--force apps:destroy shop");
    assert_eq!(sources(&world), "docker-source:other");
    world.run("logs:set --quiet other vector-sink");
    assert_eq!(sources(&world), "docker-null-source");
}

#[test]
fn a_sink_is_shown_to_programs_and_to_who_asks_for_it_alone() {
    let world = World::new();
    world.run("apps:create shop");
    world.run("logs:set shop vector-sink datadog_logs://?api_key=secret");
    assert!(world.run("logs:report shop --format json").contains("api_key=secret"));
    assert_eq!(world.run("logs:report shop --logs-vector-sink"), "datadog_logs://?api_key=secret\n");
    assert_eq!(world.run("logs:report shop --logs-computed-vector-sink"), "datadog_logs://redacted\n");
    let report = world.run("logs:report shop");
    assert!(report.contains("datadog_logs://redacted") && !report.contains("secret"), "{report}");
}

#[test]
fn networks_of_the_log_shipper_must_be_there() {
    let world = World::new();
    expect![[r#"
        2> !     Network "nowhere" does not exist
        exit 1
    "#]]
    .assert_eq(&world.run("logs:set --global vector-networks nowhere"));
    assert!(world.run("logs:set --quiet --global vector-networks nowhere").contains("does not exist"));
    let refused = world.run("logs:set --global vector-networks bridge");
    assert!(refused.contains("\"bridge\" is not a valid entry for vector-networks"), "{refused}");
}

#[test]
fn the_log_shipper_is_started_and_stopped_as_a_container() {
    let world = World::new();
    expect![[r#"
        2> !     Vector container does not exist
        2> !     `dokku logs:vector-start` makes one
        exit 1
    "#]]
    .assert_eq(&world.run("logs:vector-logs"));
    assert_eq!(world.run("logs:vector-stop"), "=====> Stopping and removing vector container\n");
    let image = "timberio/vector:0.57.0-debian";
    world.docker.have_image(image, Default::default());
    world.docker.plan_run("vector-vector-1.upcoming", PlannedRun { exit: Some(1), ..PlannedRun::default() });
    world.docker.take_calls();
    let said = world.run("logs:vector-start");
    assert!(said.contains("vector does not stay up"), "{said}");
    let calls = world.docker.take_calls();
    assert!(calls.contains(&format!("docker.sock:ro {image} --config /etc/vector/vector.json")), "{calls}");
    let path = world.layout.lib.join("compose.yml");
    world.add_plugin("shipper", "vector-template-source", &format!("echo {}", path.display()));
    std::fs::write(&path, "services: {vector: {image: '{{ $.VectorImage }}', privileged: true}}")
        .expect("writable");
    let refused = world.run("logs:vector-start");
    assert!(refused.contains("may not say services.vector.privileged"), "{refused}");
}

#[test]
fn the_size_of_logs_is_the_matter_of_drivers_that_keep_files() {
    let world = World::new();
    world.run("apps:create shop");
    let options = || world.run("plugin:trigger docker-args-process-deploy shop dockerfile latest web 1");
    assert!(options().contains("--log-opt=max-size=10m"), "{}", options());
    world.run("docker-options:add shop deploy --log-driver=journald");
    assert!(!options().contains("max-size"), "{}", options());
    world.run("docker-options:remove shop deploy --log-driver=journald");
    world.run("docker-options:add shop deploy --log-driver=local");
    assert!(options().contains("--log-opt=max-size=10m"), "{}", options());
}
