use std::fs;

use dokku::model::AppName;
use dokku::platform::lock::Lock;
use dokku::store::builds::{self, End, Record, Source};
use expect_test::expect;
use jiff::Timestamp;

use crate::support::World;

fn shop() -> AppName {
    "shop".parse().expect("a name")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A build that began then; it runs, for it is done by this very process.
fn begin(world: &World, id: &str, source: Source, time: &str) {
    let record = Record::begin(&shop(), id, source, at(time));
    builds::start(&world.layout, &shop(), &record).expect("writable");
    fs::write(builds::log_path(&world.layout, &shop(), id), format!("log of {id}\n")).expect("writable");
}

fn end(world: &World, id: &str, status: i32, time: &str) {
    builds::finish(&world.layout, &shop(), id, End::with(status), at(time)).expect("writable");
}

/// Pids and folders differ from run to run.
fn steady(seen: &str) -> String {
    seen.replace(&std::process::id().to_string(), "PID")
}

fn with_builds() -> World {
    let world = World::new();
    world.run("--quiet apps:create shop");
    begin(&world, "a1", Source::GitHook, "2026-01-02T03:00:00Z");
    end(&world, "a1", 0, "2026-01-02T03:01:03Z");
    begin(&world, "a2", Source::ConfigRedeploy, "2026-01-02T03:02:00Z");
    end(&world, "a2", 1, "2026-01-02T03:02:05Z");
    world
}

#[test]
fn builds_are_listed_the_running_ones_first() {
    let world = World::new();
    world.run("--quiet apps:create shop");
    expect![[r#"
        No builds recorded for this app
    "#]]
    .assert_eq(&world.run("builds:list shop"));
    expect![[r#"
        No builds currently running
    "#]]
    .assert_eq(&world.run("builds:list"));
    assert_eq!(world.run("builds:list --format json"), "[]\n");

    let world = with_builds();
    begin(&world, "a0", Source::GitHook, "2026-01-02T02:00:00Z");
    let list = steady(&world.run("builds:list shop"));
    let columns: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(columns[0], ["Build", "ID", "Kind", "Status", "PID", "Source", "Started", "Duration"]);
    assert_eq!(columns[1], ["a0", "build", "running", "PID", "git-hook", "2026-01-02T02:00:00Z", "1h4m5s"]);
    assert_eq!(
        columns[2],
        ["a2", "deploy", "failed", "PID", "config-redeploy", "2026-01-02T03:02:00Z", "5s"]
    );
    assert_eq!(columns[3], ["a1", "build", "succeeded", "PID", "git-hook", "2026-01-02T03:00:00Z", "1m3s"]);
    assert!(world.run("builds:list shop --status failed").contains("a2"));
    assert!(!world.run("builds:list shop --kind deploy").contains("a1"));
    let running = steady(&world.run("builds:list"));
    let columns: Vec<Vec<&str>> = running.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(columns[0], ["App", "Build", "ID", "Kind", "PID", "Source", "Started"]);
    assert_eq!(columns[1], ["shop", "a0", "build", "PID", "git-hook", "2026-01-02T02:00:00Z"]);
    assert_eq!(columns.len(), 2);
}

#[test]
fn a_build_is_shown_for_people_and_for_programs() {
    let world = with_builds();
    let info = steady(&world.run("builds:info shop a1"));
    let rows: Vec<(&str, &str)> = info.lines().filter_map(|line| line.split_once(":  ")).collect();
    let labels: Vec<&str> = rows.iter().map(|(label, _)| *label).collect();
    assert!(info.starts_with("Build ID:   a1\nApp:        shop\n"), "{info}");
    assert_eq!(
        labels,
        [
            "Build ID",
            "App",
            "Kind",
            "Status",
            "PID",
            "Source",
            "Started",
            "Finished",
            "Duration",
            "Exit Code",
            "Log"
        ]
    );
    let json = world.run("builds:info --format json shop a1");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let keys: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "id",
            "app",
            "kind",
            "pid",
            "started_at",
            "finished_at",
            "status",
            "source",
            "exit_code",
            "display_status",
            "duration",
            "log_path"
        ]
    );
    assert_eq!(world.run("builds:info shop zz"), "2> !     No build record found for shop/zz\nexit 1\n");
    assert_eq!(
        world.run("builds:info shop ../a1"),
        "2> !     No build record found for shop/../a1\nexit 1\n"
    );
    assert_eq!(world.run("builds:info shop"), "2> !     Please specify a build id\nexit 1\n");
    assert_eq!(world.run("builds:info nope a1"), "2> !     App nope does not exist\nexit 20\n");
    expect![[r#"
        2> !     Invalid --status value "done" (allowed: running, succeeded, failed, canceled, abandoned)
        exit 1
    "#]]
    .assert_eq(&world.run("builds:list --status done shop"));
    expect![[r#"
        2> !     Invalid format specified, supported formats: json, stdout
        exit 1
    "#]]
    .assert_eq(&world.run("builds:list --format xml shop"));
}

#[test]
fn the_log_of_a_build_is_shown() {
    let world = with_builds();
    assert_eq!(world.run("builds:output shop a1"), "log of a1\n");
    assert_eq!(world.run("builds:output shop"), "-----> App not currently deploying\n");
    assert_eq!(world.run("builds:output shop current"), "-----> App not currently deploying\n");
    expect![[r#"
        2> !     No log found for build zz of shop
        2> !     builds:list shop shows which builds there are
        exit 1
    "#]]
    .assert_eq(&world.run("builds:output shop zz"));
}

#[test]
fn the_log_of_a_running_build_is_followed_to_its_end() {
    let world = World::new();
    world.run("--quiet apps:create shop");
    begin(&world, "b1", Source::GitHook, "2026-01-02T03:00:00Z");
    let mut turn = Lock::take(&world.layout.deploy_queue(&shop())).expect("a lock");
    turn.say("b1").expect("writable");
    let log = builds::log_path(&world.layout, &shop(), "b1");
    let seen = std::thread::scope(|scope| {
        let follower = scope.spawn(|| world.run("builds:output shop"));
        fs::write(&log, "log of b1\nmore\n").expect("writable");
        end(&world, "b1", 0, "2026-01-02T03:04:00Z");
        follower.join().expect("it ends")
    });
    assert!(seen.ends_with("log of b1\nmore\n"), "{seen}");
}

#[test]
fn a_build_is_canceled_with_all_it_started() {
    use std::os::unix::process::CommandExt;
    let world = World::new();
    world.run("--quiet apps:create shop");
    assert_eq!(world.run("builds:cancel shop"), "-----> App not currently deploying\n");
    let mut child = std::process::Command::new("/bin/cat")
        .stdin(std::process::Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("cat runs");
    let mut turn = Lock::take(&world.layout.deploy_queue(&shop())).expect("a lock");
    turn.say("c1").expect("writable");
    world.run(&format!("config:set --quiet shop PID={}", child.id()));
    let process = dokku::platform::process_mark::ProcessMark::of(child.id()).expect("it lives");
    let record = Record::begin(&shop(), "c1", Source::GitHook, at("2026-01-02T03:00:00Z")).done_by(&process);
    builds::start(&world.layout, &shop(), &record).expect("writable");

    assert_eq!(world.run("apps:locked shop"), "Deploy lock exists\n");
    assert_eq!(world.run("builds:cancel shop"), "-----> Killing app deploy\n");
    child.wait().expect("it ends");
    let record = builds::load(&world.layout, &shop(), "c1").expect("readable").expect("there");
    assert_eq!((record.status, record.exit_code), (builds::Status::Canceled, Some(-1)));
    assert_eq!(
        world.run("builds:cancel shop"),
        "-----> Build c1 is no longer running (status=canceled); leaving record untouched\n"
    );
}

#[test]
fn old_records_are_pruned() {
    let world = with_builds();
    assert_eq!(world.run("builds:set shop retention 1"), "=====> Setting retention to 1\n");
    assert_eq!(world.run("builds:prune shop"), "");
    let list = world.run("builds:list shop");
    assert!(list.contains("a2") && !list.contains("a1"), "{list}");
    assert_eq!(world.run("builds:prune --all-apps"), "");
    assert_eq!(world.run("builds:prune"), "2> !     Please specify an app to run the command on\nexit 1\n");
    for (value, why) in [
        ("x", "Invalid retention \"x\": must be a positive integer"),
        ("0", "Invalid retention 0: must be >= 1"),
    ] {
        assert_eq!(
            world.run(&format!("builds:set shop retention {value}")),
            format!("2> !     {why}\nexit 1\n")
        );
    }
    expect![[r#"
        2> !     Invalid property "nope" (allowed: cleanup-schedule, cpu-limit, disk-guard, max-parallel, memory-limit, min-free-disk, retention)
        exit 1
    "#]]
    .assert_eq(&world.run("builds:set shop nope x"));
}

#[test]
fn each_property_is_set_and_refuses_what_makes_no_sense() {
    let world = with_builds();
    for (scope, key, good, bad, why) in [
        ("shop", "cpu-limit", &["1.5", "none"][..], "0", "must be a number of processors, or none"),
        ("shop", "memory-limit", &["2g", "none"], "5m", "must be a size of at least 6m, or none"),
        ("shop", "min-free-disk", &["0", "500m"], "much", "must be a size"),
        ("shop", "disk-guard", &["false", "true"], "off", "must be true or false"),
        ("--global", "max-parallel", &["1", "12"], "0", "must be a number of builds, at least 1"),
        ("--global", "cleanup-schedule", &["none", "@daily"], "@dayly", "@dayly"),
    ] {
        for value in good {
            assert_eq!(
                world.run(&format!("builds:set {scope} {key} {value}")),
                format!("=====> Setting {key} to {value}\n")
            );
            let flag =
                if scope == "shop" { format!("--builds-{key}") } else { format!("--builds-global-{key}") };
            assert_eq!(world.run(&format!("builds:report {scope} {flag}")), format!("{value}\n"));
        }
        let refused = world.run(&format!("builds:set {scope} {key} {bad}"));
        assert!(refused.contains(why) && refused.ends_with("exit 1\n"), "{key}: {refused}");
        assert_eq!(world.run(&format!("builds:set {scope} {key}")), format!("=====> Unsetting {key}\n"));
    }
    for key in ["max-parallel", "cleanup-schedule"] {
        let refused = world.run(&format!("builds:set shop {key} 3"));
        assert!(refused.starts_with(&format!("2> !     Invalid property \"{key}\" (allowed: ")), "{refused}");
    }
    assert_eq!(world.run("--quiet builds:set shop retention 3"), "");
    assert_eq!(world.run("builds:report --global --builds-computed-min-free-disk"), "256m\n");
}

#[test]
fn one_that_is_not_there_cannot_be_canceled() {
    let world = with_builds();
    assert_eq!(world.run("builds:cancel shop zz"), "2> !     No build record found for shop/zz\nexit 1\n");
    assert_eq!(
        world.run("builds:cancel shop a1"),
        "-----> Build a1 is no longer running (status=succeeded); leaving record untouched\n"
    );
    assert_eq!(world.run("builds:cancel nope"), "2> !     App nope does not exist\nexit 20\n");
}

#[test]
fn several_readers_follow_one_build() {
    let world = World::new();
    world.run("--quiet apps:create shop");
    begin(&world, "b1", Source::GitHook, "2026-01-02T03:00:00Z");
    let log = builds::log_path(&world.layout, &shop(), "b1");
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(|| world.run("builds:output shop b1"))).collect();
        fs::write(&log, "log of b1\nthe end\n").expect("writable");
        end(&world, "b1", 0, "2026-01-02T03:04:00Z");
        for reader in readers {
            let seen = reader.join().expect("it ends");
            assert!(seen.ends_with("log of b1\nthe end\n"), "{seen}");
        }
    });
}

#[test]
fn the_report_shows_the_newest_build() {
    let world = with_builds();
    // Else it is as many as this machine has processors.
    world.run("builds:set --global max-parallel 2");
    expect![[r#"
        =====> shop builds information
               Build exit code:                  1
               Build finished at:                2026-01-02T03:02:05Z
               Build id:                         a2
               Build kind:                       deploy
               Build pid:                        PID
               Build source:                     config-redeploy
               Build started at:                 2026-01-02T03:02:00Z
               Build status:                     failed
               Builds computed cleanup schedule: 5 4 * * *
               Builds computed cpu limit:        
               Builds computed disk guard:       true
               Builds computed max parallel:     2
               Builds computed memory limit:     
               Builds computed min free disk:    256m
               Builds computed retention:        20
               Builds cpu limit:                 
               Builds disk guard:                
               Builds global cleanup schedule:   
               Builds global cpu limit:          
               Builds global disk guard:         
               Builds global max parallel:       2
               Builds global memory limit:       
               Builds global min free disk:      
               Builds global retention:          
               Builds memory limit:              
               Builds min free disk:             
               Builds retention:                 
    "#]]
    .assert_eq(&steady(&world.run("builds:report shop")));
    assert_eq!(world.run("builds:report shop --build-status"), "failed\n");
    let report = world.run("report shop");
    assert!(report.contains("=====> shop app information"), "{report}");
    assert!(!report.contains("=====> shop builds information"), "builds stay out of the combined report");
}
