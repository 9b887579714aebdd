//! cron: tasks by the clock, from app.json to what a run leaves.

use std::sync::Arc;

use dokku::model::AppName;
use dokku::platform::clock::SystemClock;
use dokku::platform::env::Env;
use dokku::platform::{server_runtime, user};
use dokku::server::clock::{Lines, Shell, Ticker};
use dokku::store::Extracted;
use expect_test::expect;

use crate::support::{PlannedRun, World, have_release_image};

const TASKS: &str = r#"{"cron": [
    {"command": "python3 task.py schedule", "schedule": "5 5 5 5 5"},
    {"command": "rake 'a b'", "schedule": "@daily", "concurrency_policy": "forbid", "maintenance": true}
]}"#;

/// The number of the first task.
const FIRST: &str = "33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl";

fn shop_with(app_json: &str) -> World {
    let world = World::new();
    world.run("--quiet apps:create shop");
    have_release_image(&world, "shop");
    has_tasks(&world, "shop", app_json);
    world.docker.take_calls();
    world
}

fn has_tasks(world: &World, app: &str, app_json: &str) {
    let app: AppName = app.parse().expect("a name");
    let path = Extracted::AppJson.path(&world.layout, &app);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, app_json).expect("an app.json");
}

fn crontab(world: &World) -> String {
    std::fs::read_to_string(world.layout.crontab()).unwrap_or_default()
}

fn id_of(world: &World, app: &str, at: usize) -> String {
    let list: serde_json::Value =
        serde_json::from_str(&world.run(&format!("cron:list {app} --format json"))).expect("JSON");
    list[at]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn tasks_are_listed() {
    let world = shop_with(TASKS);
    expect![[r#"
        ID                                                                   Schedule   Concurrency  Maintenance  Command
        33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl  5 5 5 5 5  allow        false        python3 task.py schedule
        11d1yfjiqorjqgrd957jxeavzg6qrzynxq9jvj8ft                            @daily     forbid       true (task)  rake 'a b'
    "#]].assert_eq(&world.run("cron:list shop"));
    expect![[r#"
        [{"id":"33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl","app":"shop","command":"python3 task.py schedule","schedule":"5 5 5 5 5","concurrency_policy":"allow","app-in-maintenance":false,"task-in-maintenance":false,"maintenance":false},{"id":"11d1yfjiqorjqgrd957jxeavzg6qrzynxq9jvj8ft","app":"shop","command":"rake 'a b'","schedule":"@daily","concurrency_policy":"forbid","app-in-maintenance":false,"task-in-maintenance":true,"maintenance":true}]
    "#]].assert_eq(&world.run("--quiet cron:list --format json shop"));
    assert_eq!(id_of(&world, "shop", 0), FIRST);
    world.run("cron:set shop maintenance true");
    assert!(world.run("cron:list shop").contains("true (app)"));
    expect![[r#"
        2> !     Invalid format specified, supported formats: json, stdout
        exit 1
    "#]]
    .assert_eq(&world.run("cron:list shop --format yaml"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("cron:list nope"));
    expect![[r#"
        2> !     Please specify an app to run the command on
        exit 1
    "#]]
    .assert_eq(&world.run("cron:list"));
    has_tasks(&world, "shop", "{}");
    assert_eq!(world.run("cron:list shop --format json"), "[]\n");
}

#[test]
fn tasks_of_plugins_are_listed_and_a_wrong_line_is_told() {
    let world = World::new();
    world.add_plugin("clockwork", "cron-entries", "echo '@daily;/bin/true'; echo; echo 'wrong'");
    expect![[r#"
        ID                            Schedule  Concurrency  Maintenance  Command
        5cruaotm4yzzpnjlsdunblj8qyjp  @daily                 false        /bin/true
        2> !     Invalid injected cron task: wrong
    "#]]
    .assert_eq(&world.run("cron:list --global"));
    expect![[r#"
        [{"id":"5cruaotm4yzzpnjlsdunblj8qyjp","command":"/bin/true","global":true,"schedule":"@daily","concurrency_policy":"","app-in-maintenance":false,"task-in-maintenance":false,"maintenance":false}]
        2> !     Invalid injected cron task: wrong
    "#]].assert_eq(&world.run("cron:list --global --format json"));
}

#[test]
fn settings_are_set_and_reported() {
    let world = shop_with(TASKS);
    expect![[r#"
        =====> Setting mailto to admin@example.com
        -----> Updated schedule file
        2> !     mailto is kept, and has no effect: nothing is mailed; cron:history says how tasks ended, and plugins hear of failures by cron-task-failed
    "#]]
    .assert_eq(&world.run("cron:set --global mailto admin@example.com"));
    expect![[r#"
        =====> Setting maintenance to true
        -----> Removed
    "#]]
    .assert_eq(&world.run("cron:set shop maintenance true"));
    expect![[r#"
        =====> shop cron information
               Cron catch up:                 
               Cron computed catch up:        false
               Cron computed mailfrom:        
               Cron computed mailto:          admin@example.com
               Cron computed maintenance:     true
               Cron computed timezone:        
               Cron global catch up:          
               Cron global mailfrom:          
               Cron global mailto:            admin@example.com
               Cron global maintenance:       
               Cron global timezone:          
               Cron maintenance:              true
               Cron task count:               2
               Cron timezone:                 
    "#]]
    .assert_eq(&world.run("cron:report shop"));
    assert_eq!(world.run("cron:report shop --cron-computed-maintenance"), "true\n");
    expect![[r#"
        {"computed-catch-up":"false","computed-mailfrom":"","computed-mailto":"admin@example.com","computed-maintenance":"false","computed-timezone":"","cron-computed-catch-up":"false","cron-computed-mailfrom":"","cron-computed-mailto":"admin@example.com","cron-computed-maintenance":"false","cron-computed-timezone":"","cron-global-catch-up":"","cron-global-mailfrom":"","cron-global-mailto":"admin@example.com","cron-global-maintenance":"","cron-global-timezone":"","global-catch-up":"","global-mailfrom":"","global-mailto":"admin@example.com","global-maintenance":"","global-timezone":""}
    "#]].assert_eq(&world.run("cron:report --global --format json"));
    assert_eq!(world.run("--quiet cron:set shop maintenance"), "-----> Updated schedule file\n");
    world.run("cron:set --global maintenance true");
    world.run("cron:set shop maintenance false");
    assert_eq!(world.run("cron:report shop --cron-computed-maintenance"), "true\n", "either suffices");
    for (line, words) in [
        ("cron:set shop mailto a@b.c", "Property cannot be specified on a per-app basis"),
        ("cron:set --global maintenance.fakeid true", "Task maintenance properties cannot be set globally"),
        ("cron:set shop maintenance.fakeid true", "no matching task ID found: maintenance.fakeid"),
        ("cron:set shop maintenance. true", "Invalid task maintenance property, missing ID"),
        ("cron:set shop maintenance maybe", "must be true or false"),
        ("cron:set shop timezone Europe/Nowhere", "unknown time zone Europe/Nowhere"),
        (
            "cron:set shop colour red",
            "Invalid property specified, valid properties include: catch-up, mailfrom, mailto, maintenance, timezone",
        ),
        ("cron:set shop", "No property specified"),
        ("cron:set nope maintenance true", "App nope does not exist"),
        ("cron:set", "Please specify an app to run the command on"),
    ] {
        let told = world.run(line);
        assert!(told.contains(words) && told.contains("exit "), "{line}: {told}");
    }
}

#[test]
fn a_suspended_task_leaves_the_crontab_until_it_is_resumed() {
    let world = shop_with(TASKS);
    world.run("plugin:trigger scheduler-cron-write docker-local shop");
    expect![[r#"
        # Dokku's own lines begin here: they are written anew, put yours above
        PATH=/usr/local/bin:/usr/bin:/bin
        SHELL=/bin/bash

        5 5 5 5 5 dokku cron:run shop 33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl
        # Dokku's own lines end here
    "#]]
    .assert_eq(&crontab(&world));
    let flag = format!("cron:report shop --cron-maintenance-{FIRST}");
    assert!(world.run(&flag).contains("Invalid flag passed"));
    expect![[r#"
        =====> Setting maintenance.33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl to true
        -----> Removed
    "#]]
    .assert_eq(&world.run(&format!("cron:suspend shop {FIRST}")));
    assert_eq!(world.run(&flag), "true\n");
    assert_eq!(crontab(&world), "");
    expect![[r#"
        =====> Unsetting maintenance.33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl
        -----> Updated schedule file
    "#]]
    .assert_eq(&world.run(&format!("cron:resume shop {FIRST}")));
    assert!(world.run(&flag).contains("Invalid flag passed"));
    assert!(crontab(&world).contains(&format!("5 5 5 5 5 dokku cron:run shop {FIRST}\n")));
    for line in ["cron:suspend shop nonsense", "cron:suspend shop", "cron:resume nope x"] {
        assert!(world.run(line).contains("exit "), "{line}");
    }
    // What is left of a task that is gone can be cleared.
    world.run(&format!("--quiet cron:suspend shop {FIRST}"));
    has_tasks(&world, "shop", "{}");
    world.run(&format!("--quiet cron:resume shop {FIRST}"));
    assert!(world.run(&flag).contains("Invalid flag passed"));
}

#[test]
fn the_crontab_holds_zones_plugins_lines_and_those_of_others() {
    let world = shop_with(TASKS);
    let theirs = "0 4 * * * dokku letsencrypt:auto-renew\n";
    std::fs::create_dir_all(world.layout.crontab().parent().expect("a folder")).expect("a folder");
    std::fs::write(world.layout.crontab(), theirs).expect("written");
    world.add_plugin(
        "clockwork",
        "cron-entries",
        "echo \"@hourly;dokku ps:restart shop;/var/log/dokku/restart.log\"",
    );
    world.run("cron:set --global mailfrom dokku@example.com");
    world.run("--quiet apps:create store");
    has_tasks(
        &world,
        "store",
        r#"{"cron": [
        {"command": "a", "schedule": "1 * * * *"}, {"command": "b", "schedule": "CRON_TZ=UTC 2 * * * *"}]}"#,
    );
    world.run("cron:set store timezone Europe/Berlin");
    assert_eq!(
        world.run("cron:set store catch-up true"),
        "=====> Setting catch-up to true\n-----> Updated schedule file\n"
    );
    expect![[r#"
        0 4 * * * dokku letsencrypt:auto-renew
        # Dokku's own lines begin here: they are written anew, put yours above
        MAILFROM=dokku@example.com
        PATH=/usr/local/bin:/usr/bin:/bin
        SHELL=/bin/bash

        5 5 5 5 5 dokku cron:run shop 33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl
        @hourly dokku ps:restart shop &>> /var/log/dokku/restart.log
        CRON_TZ=Europe/Berlin
        DOKKU_CRON_CATCH_UP=true
        1 * * * * dokku cron:run store 2nwirnzzmpxi00lxg7im0xpaqsbithsmi
        CRON_TZ=UTC
        2 * * * * dokku cron:run store kgnuc1i7b9zugfnx2frv6a2zanvju1jdzvyh7y3ot2hp0z92ip6
        # Dokku's own lines end here
    "#]]
    .assert_eq(&crontab(&world));
    world.run("--force apps:destroy store");
    assert!(!crontab(&world).contains("store"));
    world.run("--force apps:destroy shop");
    world.add_plugin("clockwork", "cron-entries", "true");
    assert_eq!(world.run("plugin:trigger cron-write docker-local"), "-----> Removed\n");
    assert_eq!(crontab(&world), theirs);
}

#[test]
fn what_others_schedule_is_left_to_them() {
    let world = shop_with(TASKS);
    world.run("scheduler:set shop selected swarm");
    world.run("plugin:trigger scheduler-cron-write swarm shop");
    world.run("plugin:trigger cron-write");
    assert_eq!(crontab(&world), "");
}

fn plan(world: &World, stdout: &str, exit: i64) {
    let run = PlannedRun { stdout: stdout.to_owned(), exit: Some(exit), ..PlannedRun::default() };
    world.docker.plan_run("dokku/shop:latest", run);
}

#[test]
fn a_task_runs_in_a_container_of_its_own_and_its_run_is_kept() {
    let world = shop_with(TASKS);
    world.add_plugin("pager", "cron-task-failed", "echo unseen; echo \"paged: $1 $4\" >&2");
    plan(&world, "hello\n", 0);
    assert_eq!(world.run(&format!("cron:run shop {FIRST}")), "hello\n");
    expect![[r#"
        docker create --interactive --rm --name=shop.cron.2312 --label=com.dokku.active-deadline-seconds=86400 --label=com.dokku.app-name=shop --label=com.dokku.concurrency-policy=allow --label=com.dokku.container-type=cron --label=com.dokku.cron-id=33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl --label=dokku --label=org.label-schema.schema-version=1.0 --label=org.label-schema.vendor=dokku --env=DYNO=cron.2312 dokku/shop:latest python3 task.py schedule
        docker start 0000000000050000000000000000000000000000000000000000000000000000
    "#]].assert_eq(&world.docker.take_calls());
    plan(&world, "no\n", 3);
    expect![[r#"
        no
        2>paged: shop 3
        exit 3
    "#]]
    .assert_eq(&world.run(&format!("--quiet cron:run --ttl-seconds 60 shop {FIRST}")));
    plan(&world, "", 0);
    let detached = world.run(&format!("cron:run --detach shop {FIRST}"));
    assert!(detached.starts_with("shop.cron."), "{detached}");
    let history: serde_json::Value =
        serde_json::from_str(&world.run("cron:history shop --format json")).expect("JSON");
    let mut states: Vec<&str> =
        history.as_array().expect("a list").iter().filter_map(|run| run["status"].as_str()).collect();
    states.sort_unstable();
    assert_eq!(states, ["detached", "failed", "succeeded"]);
    let failed = history.as_array().expect("a list").iter().find(|run| run["exit_code"] == 3).expect("a run");
    let id = failed["id"].as_str().expect("an id");
    expect![[r#"
        Run:        RUN
        Cron ID:    33uqung6cnnzh1im1e7y97swh4yk7bqcl0797d2y7ixorrqzzrib5ebeokkl6mn5jcl
        Command:    python3 task.py schedule
        Schedule:   5 5 5 5 5
        Status:     failed
        Exit Code:  3
        Started:    2026-01-02T03:04:05Z
        Finished:   2026-01-02T03:04:05Z

        no
    "#]]
    .assert_eq(&world.run(&format!("cron:history shop {id}")).replace(id, "RUN"));
    assert_eq!(world.run(&format!("--quiet cron:history shop {id}")), "no\n");
    assert!(world.run(&format!("cron:history shop {id} --format json")).contains(r#""output":"no\n""#));
}

#[test]
fn what_is_wrong_with_a_run_is_said() {
    let world = shop_with(TASKS);
    for (line, words) in [
        ("cron:run nope x", "App nope does not exist"),
        ("cron:run shop", "Please specify a Cron ID from the output of 'dokku cron:list shop'"),
        (
            "cron:run shop x",
            "No matching Cron ID found. Please specify a Cron ID from the output of 'dokku cron:list shop'",
        ),
        ("cron:run --ttl-seconds 0 shop x", "--ttl-seconds must be a positive integer"),
        ("cron:history nope", "App nope does not exist"),
        ("cron:history shop x", "No run x of shop is known"),
    ] {
        let told = world.run(line);
        assert!(told.contains(words) && told.contains("exit "), "{line}: {told}");
    }
    assert_eq!(world.run("cron:history shop"), "No runs recorded for this app\n");
    assert_eq!(world.run("cron:history shop --format json"), "[]\n");
    has_tasks(&world, "shop", r#"{"cron": [{"command": "a", "schedule": "@daily"}]}"#);
    let id = id_of(&world, "shop", 0);
    world.run("--quiet apps:create store");
    has_tasks(&world, "store", r#"{"cron": [{"command": "a", "schedule": "@daily"}]}"#);
    let told = world.run(&format!("cron:run store {}", id_of(&world, "store", 0)));
    assert!(told.contains("App image (dokku/store:latest) not found"), "{told}");
    assert!(!world.run(&format!("cron:history store --cron-id {id}")).contains("failed"));
    assert!(world.run("cron:history store").contains("failed"), "it is kept, too");
}

#[test]
fn a_second_run_is_refused_or_replaces_the_first() {
    for (policy, told) in
        [("forbid", "currently has a cron lock in place"), ("replace", "Replacing running container")]
    {
        let tasks = format!(
            r#"{{"cron": [{{"command": "a", "schedule": "@daily", "concurrency_policy": "{policy}"}}]}}"#
        );
        let world = shop_with(&tasks);
        world.add_plugin("pager", "cron-task-failed", "echo paged >&2");
        let id = id_of(&world, "shop", 0);
        world.docker.plan_run("dokku/shop:latest", PlannedRun::default());
        world.run(&format!("cron:run --detach shop {id}"));
        if policy == "replace" {
            plan(&world, "", 0);
        }
        let second = world.run(&format!("cron:run shop {id}"));
        assert!(second.contains(told), "{policy}: {second}");
        assert_eq!(second.contains("exit 1"), policy == "forbid", "{second}");
        assert!(!second.contains("paged"), "nothing has failed: {second}");
        let history = world.run("cron:history shop");
        assert_eq!(history.contains("skipped"), policy == "forbid", "{history}");
        assert!(!history.contains("failed"), "{history}");
    }
}

#[test]
fn of_two_runs_that_begin_at_once_one_is_refused() {
    let world =
        shop_with(r#"{"cron": [{"command": "a", "schedule": "@daily", "concurrency_policy": "forbid"}]}"#);
    // Both are between the look at what runs and the start of their own for a while.
    world.add_plugin("slow", "docker-args-run", "cat; sleep 1");
    let id = id_of(&world, "shop", 0);
    world.docker.plan_run("dokku/shop:latest", PlannedRun::default());
    let run = || world.run(&format!("cron:run --detach shop {id}"));
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(run);
        (run(), other.join().expect("it ran"))
    });
    let refused = [&one, &other].into_iter().filter(|said| said.contains("cron lock in place"));
    assert_eq!(refused.count(), 1, "{one}\n{other}");
}

#[test]
fn how_a_detached_run_ends_is_not_known() {
    let world = shop_with(r#"{"cron": [{"command": "a", "schedule": "@daily"}]}"#);
    world.docker.plan_run("dokku/shop:latest", PlannedRun::default());
    world.run(&format!("cron:run --detach shop {}", id_of(&world, "shop", 0)));
    let told = world.run("cron:history shop --format json");
    assert!(told.contains(r#""status":"detached","exit_code":null"#), "{told}");
    assert!(told.contains(r#""finished_at":null,"duration":null"#), "{told}");
}

#[test]
fn a_task_that_cannot_run_fails_the_deploy() {
    let world = World::new();
    world.run("--quiet apps:create shop");
    let path = world.layout.root.join("app.json");
    for (task, words) in [
        (r#"{"schedule": "@daily"}"#, "Missing cron task command for app shop (index 0)"),
        (r#"{"command": "a"}"#, "Missing cron schedule for app shop (index 0)"),
        (
            r#"{"command": "a", "schedule": "@nonstandard"}"#,
            "Invalid cron schedule for app shop (schedule @nonstandard): unrecognized descriptor: @nonstandard",
        ),
        (
            r#"{"command": "a", "schedule": "0 5 * * * *"}"#,
            "expected exactly 5 fields, found 6: [0 5 * * * *]",
        ),
        (r#"{"command": "a", "schedule": "TZ=Nowhere/There @daily"}"#, "unknown time zone Nowhere/There"),
        (
            r#"{"command": "a; b", "schedule": "@daily"}"#,
            "Invalid cron command for app shop (command \"a; b\")",
        ),
        (
            r#"{"command": "a", "schedule": "@daily", "concurrency_policy": "often"}"#,
            "Invalid cron concurrency policy for app shop (schedule @daily): often",
        ),
    ] {
        std::fs::write(&path, format!(r#"{{"cron": [{task}]}}"#)).expect("written");
        let told = world.run(&format!("plugin:trigger app-json-is-valid shop {}", path.display()));
        assert!(told.contains(words) && told.contains("exit 1"), "{task}: {told}");
    }
    std::fs::write(&path, TASKS).expect("written");
    assert_eq!(world.run(&format!("plugin:trigger app-json-is-valid shop {}", path.display())), "");
}

#[test]
fn a_suspended_task_stays_so_in_a_clone_and_under_another_name() {
    let world = shop_with(TASKS);
    plan(&world, "kept\n", 0);
    world.run(&format!("cron:run shop {FIRST}"));
    world.run(&format!("cron:suspend shop {FIRST}"));
    for (line, name) in
        [("apps:clone --skip-deploy shop copy", "copy"), ("apps:rename --skip-deploy shop store", "store")]
    {
        world.run(&format!("--quiet --force {line}"));
        has_tasks(&world, name, TASKS);
        let id = id_of(&world, name, 0);
        assert_eq!(world.run(&format!("cron:report {name} --cron-maintenance-{id}")), "true\n");
    }
    assert!(world.run("cron:history store").contains("succeeded"), "history moves along");
    assert!(world.run("cron:history copy").contains("No runs"));
    world.run("--quiet --force apps:destroy store");
    world.run("--quiet apps:create store");
    assert!(!world.run("cron:report store").contains("maintenance "), "nothing is left");
    assert!(world.run("cron:history store").contains("No runs"));
}

/// From the crontab that a command wrote to a process of the line.
#[test]
fn the_clock_runs_what_is_due_as_a_process_of_its_own() {
    let world = World::new();
    let result = world.layout.root.join("result");
    let entry = format!(
        "CRON_TZ=UTC 7 4 * * *;echo \"$0 $GREETING\" >> {path}; cat >> {path}; echo told; exit 3",
        path = result.display()
    );
    let script = format!("printf '%s\\n' '{}'", entry.replace("; ", " && ").replace("exit 3", "false"));
    world.add_plugin("clockwork", "cron-entries", &script);
    world.run("plugin:trigger cron-write");
    let me = user::current_name();
    let mut ticker = Ticker::new(world.layout.clone(), &me);
    let mut due = |time: &str| ticker.due(time.parse().expect("a time")).expect("readable");
    assert!(due("2026-01-02T04:06:00Z").is_empty());
    let lines = due("2026-01-02T04:07:00Z");
    assert_eq!(lines.len(), 1);
    let env: Env = [("PATH", "/usr/bin:/bin"), ("HOME", "/"), ("GREETING", "hello")].into_iter().collect();
    let shell = Shell {
        program: env!("CARGO_BIN_EXE_dokku").into(),
        env,
        layout: world.layout.clone(),
        clock: Arc::new(SystemClock),
    };
    let runtime = server_runtime().expect("a runtime");
    for line in lines {
        runtime.block_on(shell.run(line));
    }
    assert_eq!(std::fs::read_to_string(&result).expect("it ran"), "/bin/bash hello\n");
    let log = std::fs::read_to_string(world.layout.cron_log()).expect("a log");
    assert!(log.contains("told\nended with status 1\n"), "{log}");
}
