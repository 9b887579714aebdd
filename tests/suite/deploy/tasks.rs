//! What an app.json and a Procfile let run around a deploy, and the variables they ask for.

use dokku::deploy;
use dokku::model::{Fault, Scope};
use dokku::platform;
use dokku::platform::docker::DockerError;
use dokku::store::variables;

use super::Shop;
use crate::support::fake_docker::PlannedRun;

fn ends(status: i64) -> PlannedRun {
    let (stdout, stderr) = ("from the task\n".to_owned(), "a warning\n".to_owned());
    PlannedRun { stdout, stderr, exit: Some(status), ..PlannedRun::default() }
}

/// The lines of a deploy that speak of tasks and variables, in order; random parts hidden.
fn about_tasks(told: &str) -> Vec<String> {
    let words = ["task", "env var", "SECRET", "LEVEL"];
    let lines = told.lines().filter(|line| words.iter().any(|word| line.contains(word)));
    let hidden = |line: &str| match line.split_once('(') {
        Some((head, rest)) if line.contains(" task (") => {
            format!("{head}(CID){}", rest.split_once(')').map_or("", |(_, tail)| tail))
        }
        Some(_) | None => line.to_owned(),
    };
    lines.map(hidden).collect()
}

#[test]
fn a_first_deploy_runs_all_tasks_and_sets_all_variables() {
    let shop = Shop::with_tasks();
    for phase in ["predeploy", "release", "heroku.postdeploy", "postdeploy"] {
        shop.world.docker.plan_run(phase, ends(0));
    }
    let (outcome, told) = platform::runtime().unwrap().block_on(shop.told("one"));
    outcome.expect("deployed");
    let told = about_tasks(&told);
    let secret = told.iter().find(|line| line.contains("SECRET")).expect("it is set").clone();
    assert_eq!(secret.trim_start_matches("       SECRET:  ").trim().len(), 64, "{secret}");
    assert_eq!(
        told.join("\n"),
        [
            "-----> Processing app.json env vars",
            "-----> Setting 2 env var(s) from app.json",
            "       LEVEL:   7",
            &secret,
            "-----> Checking for predeploy task",
            "       Executing predeploy task from app.json: migrate",
            "=====> Start of shop predeploy task (CID) output",
            "       from the task",
            "=====> End of shop predeploy task (CID) output",
            "-----> Checking for release task",
            "       Executing release task from Procfile in ephemeral container: announce",
            "=====> Start of shop release task (CID) output",
            "       from the task",
            "=====> End of shop release task (CID) output",
            "-----> Checking for heroku.postdeploy task",
            "       Executing heroku.postdeploy task from app.json in ephemeral container: seed",
            "=====> Start of shop heroku.postdeploy task (CID) output",
            "       from the task",
            "=====> End of shop heroku.postdeploy task (CID) output",
            "-----> Checking for postdeploy task",
            "       Executing postdeploy task from app.json in ephemeral container: tell",
            "=====> Start of shop postdeploy task (CID) output",
            "       from the task",
            "=====> End of shop postdeploy task (CID) output",
        ]
        .join("\n")
    );
    let seen = shop.seen();
    assert!(!seen.contains("predeploy.") && !seen.contains("release."), "no task's container stays\n{seen}");
    assert_eq!(seen.matches("container shop.web.").count(), 2, "app.json decides the scale\n{seen}");
}

#[test]
fn what_the_predeploy_task_leaves_is_what_runs() {
    let shop = Shop::with_tasks();
    platform::runtime().unwrap().block_on(shop.told("one")).0.expect("deployed");
    let calls = shop.world.docker.take_calls();
    let commit = calls.lines().find(|line| line.starts_with("docker commit")).expect("it is kept");
    assert!(commit.contains("--change 'CMD [\"httpd\"]'"), "the image's own command again: {commit}");
    assert!(commit.contains("com.dokku.predeploy-phase=true"), "{commit}");
    let state = shop.world.docker.state();
    let image = state.images.values().find(|image| !image.repo_tags.is_empty()).expect("an image");
    assert_eq!(image.label("com.dokku.predeploy-phase"), Some("true"));
    assert_eq!(image.config.cmd, ["httpd"]);
    assert_eq!(
        image.label("com.dokku.deploy-id"),
        Some(""),
        "a one-off container of it is none of the deploy"
    );
    for made in state.containers.values() {
        assert_eq!(made.container.image_id, image.id, "{}", made.container.name);
        assert!(made.plan.env.iter().any(|one| one == "LEVEL=7"), "{:?}", made.plan.env);
    }
}

#[test]
fn tasks_get_the_apps_variables_and_labels() {
    let shop = Shop::with_tasks();
    platform::runtime().unwrap().block_on(shop.told("one")).0.expect("deployed");
    let calls = shop.world.docker.take_calls();
    let made = calls.lines().find(|line| line.contains("--name=shop.predeploy.")).expect("its container");
    for part in [
        "--env=LEVEL=7",
        "--label=com.dokku.app-name=shop",
        "--label=dokku_phase_script=predeploy",
        "'set -e; set -o pipefail || true; migrate || exit 1;'",
    ] {
        assert!(made.contains(part), "{part} is not in {made}");
    }
    assert!(!made.contains("--restart"), "{made}");
}

#[test]
fn a_task_that_fails_before_the_release_undoes_the_deploy() {
    for phase in ["predeploy", "release"] {
        let shop = Shop::with_tasks();
        platform::runtime().unwrap().block_on(async {
            shop.told("one").await.0.expect("deployed");
            let before = shop.seen();
            shop.world.docker.plan_run(phase, ends(3));
            let (outcome, told) = shop.told("two").await;
            let failure = outcome.expect_err("the task failed");
            let command = if phase == "predeploy" { "migrate" } else { "announce" };
            let reason = format!("Execution of {phase} task failed: {command}");
            assert_eq!(deploy::reason(&failure), reason);
            assert!(told.contains("from the task"), "{told}");
            assert!(told.contains(&format!(" !     {reason}")), "{told}");
            assert_eq!(before, shop.seen());
        });
    }
}

#[test]
fn a_postdeploy_task_that_fails_fails_the_deploy_but_the_new_release_serves() {
    let shop = Shop::with_tasks();
    platform::runtime().unwrap().block_on(async {
        shop.told("one").await.0.expect("deployed");
        shop.world.docker.plan_run("postdeploy", ends(1));
        let failure = shop.told("two").await.0.expect_err("the task failed");
        assert_eq!(deploy::reason(&failure), "Execution of postdeploy task failed: tell");
        let seen = shop.seen();
        assert!(
            seen.contains("GIT_REV=two") && seen.contains("dokku/shop:latest dokku/shop:release-2 two"),
            "{seen}"
        );
        assert!(seen.contains("container shop.web.1.1767323045"), "the old one is left to retire\n{seen}");
        assert!(!seen.contains("intent.json"), "{seen}");
    });
    let builds = shop.world.run("builds:list shop --format json");
    assert!(builds.contains("\"failed\""), "{builds}");
}

#[test]
fn the_task_of_a_first_deploy_runs_once() {
    let shop = Shop::with_tasks();
    platform::runtime().unwrap().block_on(async {
        shop.world.docker.plan_run("heroku.postdeploy", ends(1));
        let failure = shop.told("one").await.0.expect_err("the task failed");
        assert_eq!(deploy::reason(&failure), "Execution of heroku.postdeploy task failed: seed");
        for revision in ["two", "three"] {
            let (outcome, told) = shop.told(revision).await;
            outcome.expect("deployed");
            assert!(!told.contains("heroku.postdeploy"), "{told}");
        }
    });
}

#[test]
fn a_required_variable_without_a_value_ends_the_deploy() {
    let app_json = r#"{ "env": { "KEY": { "description": "of the till" }, "NOTE": { "required": false } } }"#;
    let shop = Shop { app_json: app_json.to_owned(), ..Shop::new() };
    platform::runtime().unwrap().block_on(async {
        let before = shop.seen();
        let failure = shop.told("one").await.0.expect_err("nobody can be asked");
        let reason = "required env var KEY has no value, no default, and no TTY for prompt";
        assert_eq!(deploy::reason(&failure), reason);
        assert_eq!(before, shop.seen());
    });
    shop.world.run("config:set --no-restart shop KEY=1234");
    let (outcome, told) = platform::runtime().unwrap().block_on(shop.told("one"));
    outcome.expect("deployed");
    assert!(told.contains("       No env vars to set from app.json"), "{told}");
}

#[test]
fn later_deploys_change_only_variables_that_are_kept_in_step() {
    let mut shop = Shop::with_tasks();
    let own = |shop: &Shop| variables::own(&shop.world.layout, &Scope::from(&shop.app)).expect("readable");
    let runtime = platform::runtime().unwrap();
    runtime.block_on(shop.told("one")).0.expect("deployed");
    let first = own(&shop);
    shop.app_json = shop.app_json.replace("\"7\"", "\"8\"");
    runtime.block_on(shop.told("two")).0.expect("deployed");
    let second = own(&shop);
    assert_eq!(first["SECRET"], second["SECRET"]);
    assert_eq!((first["LEVEL"].as_str(), second["LEVEL"].as_str()), ("7", "8"));

    shop.world.docker.plan_run("release", ends(1));
    shop.app_json = shop.app_json.replace("\"8\"", "\"9\"");
    runtime.block_on(shop.told("three")).0.expect_err("the release task failed");
    assert_eq!(own(&shop), second, "a deploy that fails leaves them as they were");
}

#[test]
fn a_scale_that_was_set_in_a_release_that_failed_is_put_back() {
    let scale = |count: u32| format!("{{\"formation\": {{\"web\": {{\"quantity\": {count}}}}}}}");
    let mut shop = Shop { app_json: scale(2), ..Shop::new() };
    let runtime = platform::runtime().unwrap();
    runtime.block_on(shop.told("one")).0.expect("deployed");
    let before = shop.world.run("ps:scale shop");
    shop.app_json = scale(5);
    shop.world.docker.plan_fault("docker create", DockerError::Other(Fault::new("no room")));
    runtime.block_on(shop.told("two")).0.expect_err("the engine refused");
    assert_eq!(before, shop.world.run("ps:scale shop"));
    assert!(before.contains("web:  2"), "{before}");
}

#[test]
fn what_only_another_scheduler_heeds_is_said_to_have_no_effect() {
    let told = |app_json: &str| {
        let shop = Shop { app_json: app_json.to_owned(), ..Shop::new() };
        let (outcome, told) = platform::runtime().unwrap().block_on(shop.told("one"));
        outcome.expect("deployed");
        told
    };
    let heeded = told(r#"{"formation": {"web": {"quantity": 1}}}"#);
    assert!(!heeded.contains("no effect"), "{heeded}");
    let scaled = told(r#"{"formation": {"web": {"quantity": 1, "autoscaling": {"max_quantity": 4}}}}"#);
    let said = "formation.web.autoscaling of app.json has no effect: it is for the scheduler k3s, and shop is run by docker-local";
    assert!(scaled.contains(said), "{scaled}");
}
