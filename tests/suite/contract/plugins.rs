//! Plugins that come as an image, on a real engine.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dokku::model::RunPlan;
use dokku::platform::docker::*;

use super::docker::{BASE, Bench};
use crate::support::World;

/// Says what it was called with, gives back what it reads, and ends with status 5; asked for `hang` it goes on.
const SCRIPT: &str = r#"echo "$0 $*"; cat; [ "$0" != hang ] || sleep 600; exit 5"#;

/// `plugn trigger`, as a process of its own on the machine's engine.
fn trigger(world: &World, words: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dokku"))
        .arg0("plugn")
        .arg("trigger")
        .args(words)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("DOKKU_SYSTEM_USER", "nobody-of-that-name")])
        .env("DOKKU_ROOT", &world.layout.root)
        .env("DOKKU_LIB_PATH", &world.layout.lib)
        .env("DOKKU_LOGS_DIR", &world.layout.logs)
        .env("DOKKU_RUN_DIR", &world.layout.run)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// Asks the plugin with this input: what it wrote, and its status.
fn asked(world: &World, words: &[&str], input: &[u8]) -> (String, Option<i32>) {
    let mut child = trigger(world, words);
    child.stdin.take().expect("a pipe").write_all(input).expect("it reads");
    let done = child.wait_with_output().expect("it ends");
    (String::from_utf8_lossy(&done.stdout).into_owned(), done.status.code())
}

#[test]
fn a_plugin_answers_from_a_container_that_nothing_leaves_behind() {
    let runtime = dokku::platform::runtime().expect("a runtime");
    let Some(bench) = runtime.block_on(Bench::real()) else { return };
    let (docker, name) = (&bench.docker, bench.run.to_lowercase());
    let image = format!("{name}:plugin");
    runtime.block_on(async {
        let made = docker.create_container(&RunPlan::of_image(BASE)).await.expect("a container");
        let entrypoint = serde_json::to_string(&["sh", "-c", SCRIPT]).expect("JSON");
        let changes = vec![format!("ENTRYPOINT {entrypoint}")];
        let plan = CommitPlan { name: Some(image.clone()), changes, no_pause: false };
        docker.commit_container(&made, &plan).await.expect("an image");
        docker.remove_container(&made, RemoveContainer::default()).await.expect("removed");
    });
    let world = World::new();
    let folder = world.layout.plugins_enabled().join(&name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let text = format!("[plugin]\n[plugin.external]\nimage = \"{image}\"\ntriggers = [\"ask\", \"hang\"]\n");
    std::fs::write(folder.join("plugin.toml"), text).expect("written");

    let mine = Filter::label(format!("com.dokku.plugin={name}"));
    let count = || runtime.block_on(docker.list_containers(&mine)).expect("a list").len();
    let first = asked(&world, &["ask", "a", "b c"], b"typed\n");
    let mut killed = trigger(&world, &["hang"]);
    let end = Instant::now() + Duration::from_secs(60);
    while count() == 0 && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    killed.kill().expect("it can be killed");
    killed.wait().expect("it has ended");
    let second = asked(&world, &["ask"], b"");
    while count() > 0 && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    let left = count();
    let how = RemoveImage { force: true, keep_parents: false };
    runtime.block_on(docker.remove_image(&image, how)).expect("removed");
    assert_eq!(first, ("ask a b c\ntyped\n".to_owned(), Some(5)));
    assert_eq!(second, ("ask \n".to_owned(), Some(5)));
    assert_eq!(left, 0, "no container is left");
}
