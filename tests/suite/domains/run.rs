use expect_test::expect;

use crate::support::{PlannedRun, World, have_release_image};

fn shop(world: &World) {
    world.run("apps:create shop");
    world.run("config:set --no-restart shop SECRET=x");
    have_release_image(world, "shop");
    world.docker.take_calls();
}

fn plan(world: &World, stdout: &str, stderr: &str, exit: i64) {
    let (stdout, stderr) = (stdout.to_owned(), stderr.to_owned());
    let run = PlannedRun { stdout, stderr, exit: Some(exit), ..PlannedRun::default() };
    world.docker.plan_run("dokku/shop:latest", run);
}

#[test]
fn output_and_status_are_those_of_the_command() {
    let world = World::new();
    shop(&world);
    plan(&world, "hello\n", "oops\n", 3);
    expect![[r#"
        hello
        2>oops
        exit 3
    "#]]
    .assert_eq(&world.run("--label=a=b run --env A=1 -e B=2 --ttl-seconds 60 shop ls -la --quiet -e x"));
    expect![[r#"
        docker create --interactive --rm --name=shop.run.256 --label=a=b --label=com.dokku.active-deadline-seconds=60 --label=com.dokku.app-name=shop --label=com.dokku.container-type=run --label=dokku --label=org.label-schema.schema-version=1.0 --label=org.label-schema.vendor=dokku --env=SECRET=x --env=DYNO=run.256 --env=A=1 --env=B=2 dokku/shop:latest ls -la --quiet -e x
        docker start 0000000000050000000000000000000000000000000000000000000000000000
    "#]].assert_eq(&world.docker.take_calls());
}

#[test]
fn input_reaches_the_command_without_a_terminal() {
    let world = World::new();
    shop(&world);
    world.docker.plan_run("dokku/shop:latest", PlannedRun { echoes: true, ..PlannedRun::default() });
    let dump = "insert into t values (1);\n".repeat(10_000);
    assert_eq!(world.run_with_input("run shop psql", &dump), dump);
}

#[test]
fn an_entry_of_the_procfile_is_run_and_without_a_word_a_shell() {
    let world = World::new();
    shop(&world);
    let folder = world.layout.data("ps").join("shop");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("Procfile"), "web: node web.js\ntask: rake 'two words' $SECRET\n")
        .expect("a Procfile");
    plan(&world, "", "", 0);
    expect![[r#"
        -----> Found 'task' in Procfile, running that command
    "#]]
    .assert_eq(&world.run("run shop task more"));
    plan(&world, "", "", 0);
    expect![[r""]].assert_eq(&world.run("run shop"));
    let calls = world.docker.take_calls();
    let made: Vec<&str> = calls.lines().filter(|line| line.starts_with("docker create")).collect();
    let tail = |line: &str| line.split("dokku/shop:latest").nth(1).unwrap_or_default().to_owned();
    assert_eq!(tail(made[0]), " rake 'two words' x more");
    assert_eq!(tail(made[1]), " /bin/bash");
    assert!(made[0].contains("com.dokku.process-type=task"), "{}", made[0]);
}

#[test]
fn a_detached_one_goes_on_and_is_listed_shown_and_stopped() {
    let world = World::new();
    shop(&world);
    world.docker.plan_run(
        "dokku/shop:latest",
        PlannedRun { stdout: "2026-01-02T03:04:05Z working\n".to_owned(), ..PlannedRun::default() },
    );
    let name = world.run("run:detached shop sleep 100");
    let name = name.trim();
    assert!(name.starts_with("shop.run."), "{name}");
    let number = name.rsplit('.').next().expect("a number").to_owned();
    let seen = |text: String| text.replace(&number, "N").replace('\x1b', "ESC");
    expect![[r#"
        =====> shop run containers
        NAMES         COMMAND      CREATED
        shop.run.N  "sleep 100"  20455 days ago
    "#]]
    .assert_eq(&seen(world.run("run:list shop")));
    expect![[r#"
        [{"name":"shop.run.N","state":"running","command":"\"sleep 100\"","created_at":"1970-01-01 00:00:00 +0000 UTC"}]
    "#]].assert_eq(&seen(world.run("run:list shop --format json")));
    expect![[r#"
        ESC[36m2026-01-02T03:04:05Z app[N]:ESC[0m working
    "#]]
    .assert_eq(&seen(world.run("run:logs shop")));
    expect![[r#"
        2026-01-02T03:04:05Z working
    "#]]
    .assert_eq(&seen(world.run(&format!("run:logs --quiet --container {name}"))));
    world.docker.take_calls();
    expect![[r#"
        shop.run.N
    "#]]
    .assert_eq(&seen(world.run(&format!("run:stop --container {name}"))));
    expect![[r#"
        No run containers exist
    "#]]
    .assert_eq(&seen(world.run("run:stop shop")));
    expect![[r#"
        -----> Retiring all run and cron containers
    "#]]
    .assert_eq(&world.run("run:retire"));
}

#[test]
fn what_is_wrong_is_said() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        2> !     App image (dokku/shop:latest) not found
        2> !     Deploy shop first: git push <dokku> <branch>
        exit 1
    "#]]
    .assert_eq(&world.run("run shop ls"));
    have_release_image(&world, "shop");
    expect![[r#"
        2> !     --ttl-seconds must be a positive integer
        exit 1
    "#]]
    .assert_eq(&world.run("run --ttl-seconds soon shop ls"));
    expect![[r#"
        2> !     Cannot specify both --force-tty and --no-tty
        exit 1
    "#]]
    .assert_eq(&world.run("run --force-tty --no-tty shop ls"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("run nope ls"));
    expect![[r#"
        2> !     Specified container must be a run container
        exit 1
    "#]]
    .assert_eq(&world.run("run:stop --container shop.web.1"));
    expect![[r#"
        2> !     No container or app specified
        exit 1
    "#]]
    .assert_eq(&world.run("run:logs"));
}

#[test]
fn what_was_made_and_never_started_is_removed() {
    let world = World::new();
    shop(&world);
    // The engine makes the container, and whoever wanted it gets no further.
    world.add_plugin("fatal", "post-container-create", "exit 3");
    let said = world.run("run shop true");
    assert!(said.contains("exit"), "{said}");
    assert_eq!(world.run("run:list shop --format json").matches("created\",").count(), 1);
    world.run("run:retire shop");
    assert_eq!(world.run("run:list shop --format json"), "[]\n");
}
