//! Liveness checks that go on: a container that fails one is restarted, and `ps:history` says why.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::Duration;

use dokku::model::Dyno;
use dokku::platform::lock::Lock;
use dokku::platform::server_runtime;
use dokku::server::liveness::{self, World as Liveness};
use dokku::store::{Extracted, process_ends, processes, properties};

use super::{Recorded, listening, name, platform, until};
use crate::support::{World, deployed, deployed_writing};

/// A shop whose web process answers at this port of this machine, with the status that the number holds.
struct Shop {
    world: World,
    status: Arc<AtomicU16>,
}

fn run(story: impl Future<Output = ()>) {
    server_runtime().expect("a runtime").block_on(story);
}

impl Shop {
    fn with(check: &str) -> Self {
        let world = World::new();
        world.docker.give_addresses_of_this_machine();
        deployed_writing(&world, "shop", &["web.1"], "serving\n");
        let id = world.docker.state().container_id("shop.web.1").expect("it is there");
        if let Some(made) = world.docker.state().containers.get_mut(&id) {
            made.container.host_config.restart_policy.name = "on-failure".to_owned();
        }
        let address = world.docker.address_of("shop.web.1");
        let listener = TcpListener::bind((address.as_str(), 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let status = Arc::new(AtomicU16::new(200));
        let answer = Arc::clone(&status);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 1024];
                if stream.read(&mut request).is_ok_and(|length| length > 0) {
                    let status = answer.load(Ordering::Relaxed);
                    let head =
                        format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    let _ = stream.write_all(head.as_bytes());
                }
            }
        });
        let shop = Shop { world, status };
        shop.has_check(&format!(r#""path": "/alive", "port": {port}, {check}"#));
        shop
    }

    /// Another check, as a deploy would bring it.
    fn has_check(&self, fields: &str) {
        let text =
            format!(r#"{{"healthchecks": {{"web": [{{"type": "liveness", "name": "alive", {fields}}}]}}}}"#);
        let path = Extracted::AppJson.path(&self.world.layout, &name("shop"));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("an app.json");
    }

    fn is_sick(&self) {
        self.status.store(500, Ordering::Relaxed);
    }

    /// Restarts since the last time.
    fn restarts(&self) -> usize {
        self.world.docker.take_calls().lines().filter(|line| line.starts_with("docker restart")).count()
    }

    fn was_restarted(&self) -> impl FnMut() -> bool {
        let mut count = 0;
        move || {
            count += self.restarts();
            count > 0
        }
    }
}

const QUICK: &str = r#""attempts": 2, "wait": 1"#;

#[test]
fn a_container_that_fails_is_restarted_and_the_history_says_why() {
    let shop = Shop::with(QUICK);
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&shop.world, &commands).await;
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert_eq!(shop.restarts(), 0, "it is well");
        shop.is_sick();
        until("it is restarted", shop.was_restarted()).await;
        shop.status.store(200, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(1500)).await;
    });
    let told = shop.world.run("ps:history shop");
    assert!(told.contains("web.1    restarted"), "{told}");
    assert!(told.contains("liveness check 'alive' failed 2 times: unexpected status code: 500"), "{told}");
    let ends = process_ends::all(&shop.world.layout, &name("shop")).expect("readable");
    assert_eq!(ends.len(), 1, "the end of the container is part of it");
}

#[test]
fn what_an_app_wants_done_about_a_failure_is_done_by_a_command_and_not_by_the_server() {
    let told = tempfile::tempdir().expect("a folder");
    let shop = Shop::with(&format!(
        r#"{QUICK}, "onFailure": {{"command": ["/bin/touch", "{}"]}}"#,
        told.path().join("told").display()
    ));
    shop.is_sick();
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&shop.world, &commands).await;
        let asked = || commands.lines().iter().any(|line| line.starts_with("checks:tell"));
        until("the command is asked for", asked).await;
    });
    let asked = commands.lines().into_iter().find(|line| line.starts_with("checks:tell")).expect("it was");
    assert!(asked.starts_with("checks:tell shop web alive unexpected status code: 500"), "{asked}");
    assert!(!told.path().join("told").exists(), "the server may do anything, and an app may not");
    assert_eq!(shop.world.run(&asked), "");
    assert!(told.path().join("told").exists());
}

#[test]
fn what_a_restart_does_not_help_is_restarted_less_often() {
    let shop = Shop::with(QUICK);
    shop.is_sick();
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&shop.world, &commands).await;
        until("it is restarted", shop.was_restarted()).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(shop.restarts(), 0, "the next one is ten seconds later");
    });
}

#[test]
fn nothing_is_restarted_that_somebody_stops_deploys_or_switched_off() {
    let shop = Shop::with(QUICK);
    shop.is_sick();
    let (layout, app) = (&shop.world.layout, name("shop"));
    properties::set(layout, "ps", &(&app).into(), "restore", "false").expect("writable");
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&shop.world, &commands).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        properties::unset(layout, "ps", &(&app).into(), "restore").expect("writable");
        properties::set(layout, "checks", &(&app).into(), "liveness", "false").expect("writable");
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(shop.restarts(), 0);
        // Another release serves: what was attended to is let go.
        let dyno: Dyno = "web.1".parse().expect("a place");
        processes::set_container(layout, &app, &dyno, "another").expect("writable");
        properties::unset(layout, "checks", &(&app).into(), "liveness").expect("writable");
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(shop.restarts(), 0);
    });
    assert_eq!(shop.world.run("ps:history shop"), "No process of this app ended by itself\n");
}

#[test]
fn checks_of_a_new_release_begin_when_its_deploy_is_over() {
    let shop = Shop::with(QUICK);
    shop.is_sick();
    let app_json = Extracted::AppJson.path(&shop.world.layout, &name("shop"));
    let text = std::fs::read(&app_json).expect("an app.json");
    std::fs::remove_file(&app_json).expect("removed");
    let commands = Arc::new(Recorded::default());
    run(async {
        listening(&shop.world, &commands).await;
        let turn = Lock::take(&shop.world.layout.deploy_queue(&name("shop"))).expect("free");
        std::fs::write(&app_json, &text).expect("an app.json");
        shop.world.docker.restart("shop.web.1");
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(shop.restarts(), 0);
        drop(turn);
        until("it is restarted", shop.was_restarted()).await;
    });
}

#[test]
fn what_was_stopped_and_not_started_is_started_by_the_next_server() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    let app = name("shop");
    let id = processes::container(&world.layout, &app, &"web.1".parse().expect("a place"));
    let id = id.expect("readable").expect("it is there");
    world.docker.end_container("shop.web.1", 143);
    let folder = world.layout.data("appliance").join("restarts");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(&id), "shop").expect("written");
    let finished = || {
        let liveness = Liveness::new(&platform(&world), &world.layout, &Arc::new(Recorded::default()));
        run(async move { liveness::finish(&liveness).await });
    };
    finished();
    assert_eq!(world.docker.take_calls(), format!("docker start {id}\n"));
    finished();
    assert_eq!(world.docker.take_calls(), "", "once");
}
