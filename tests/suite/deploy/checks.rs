//! Checks of new containers, asked at addresses of this machine: the tests listen in the containers' place.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use dokku::deploy;
use dokku::model::Scope;
use dokku::platform;
use dokku::platform::docker::Image;
use dokku::platform::steps::Unwatched;
use dokku::store::properties;

use super::{Ear, Shop};
use crate::support::fake_docker::PlannedBuild;
use crate::support::{PlannedExec, PlannedRun};

/// A shop with one release; checks count from now on.
fn open_shop() -> Shop {
    let shop = Shop::new();
    let deployed = shop.deploy("one", Arc::new(Unwatched));
    platform::runtime().unwrap().block_on(deployed).expect("deployed");
    properties::unset(&shop.world.layout, "checks", &Scope::from(&shop.app), "skipped").expect("writable");
    shop.world.docker.give_addresses_of_this_machine();
    shop
}

/// Pushes a second release that listens on this port. What was said, and whether it went live.
async fn deploy_second(shop: &Shop, ear: &Arc<Ear>, port: u16, app_json: &str) -> Result<(), String> {
    deploy_with(shop, ear, port, ("app.json", app_json)).await
}

/// The same with any file.
async fn deploy_with(shop: &Shop, ear: &Arc<Ear>, port: u16, file: (&str, &str)) -> Result<(), String> {
    let mut image = Image::default();
    image.config.cmd = vec!["httpd".to_owned()];
    shop.world.docker.plan_build(PlannedBuild { image, ..PlannedBuild::default() });
    let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
    let dockerfile = format!("FROM scratch\nEXPOSE {port}\n");
    let files = [("Dockerfile", dockerfile.as_str()), ("Procfile", "web: httpd\n"), file];
    match shop.receive_files(&ctx, "two", &files).await {
        Ok(_turn) => deploy::commit(&ctx, &shop.app).await.map_err(|failure| deploy::reason(&failure)),
        Err(failure) => Err(deploy::reason(&failure)),
    }
}

/// A port that is held at 127.0.0.1, so that nobody else opens it anywhere meanwhile.
fn held_port() -> (TcpListener, u16) {
    let held = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = held.local_addr().expect("an address").port();
    (held, port)
}

/// `/proc/net/tcp` of a container that listens there.
fn proc_net_tcp(listening: SocketAddr) -> String {
    let SocketAddr::V4(socket) = listening else { panic!("the tests use IPv4") };
    let address = u32::from_le_bytes(socket.ip().octets());
    format!(
        "  sl  local_address rem_address   st\n   0: {address:08X}:{:04X} 00000000:0000 0A\n",
        socket.port()
    )
}

#[test]
fn a_web_process_that_never_listens_fails_the_deploy_and_the_old_one_serves_on() {
    let shop = open_shop();
    platform::runtime().unwrap().block_on(async {
        let scope = Scope::from(&shop.app);
        properties::set(&shop.world.layout, "checks", &scope, "listen-timeout", "1").expect("writable");
        let (before, ear) = (shop.seen(), Arc::new(Ear::default()));
        let (_held, port) = held_port();
        shop.world.docker.plan_exec(PlannedExec::default());
        let reason = deploy_second(&shop, &ear, port, "{}").await.expect_err("nobody listens");
        assert_eq!(reason, "web.1 of shop did not pass its checks");
        let told = ear.text();
        let why = format!("nothing accepts connections on port {port} after 1 seconds");
        assert!(told.contains(&why), "{told}");
        assert!(told.contains(&format!("must listen on 0.0.0.0, port {port}")), "{told}");
        assert_eq!(shop.seen(), before);
    });
}

#[test]
fn a_web_process_bound_to_itself_fails_in_seconds_and_is_told_where_it_listens() {
    let shop = open_shop();
    platform::runtime().unwrap().block_on(async {
        let (before, ear) = (shop.seen(), Arc::new(Ear::default()));
        let (held, port) = held_port();
        let stdout = proc_net_tcp(held.local_addr().expect("an address"));
        shop.world.docker.plan_exec(PlannedExec { stdout, ..PlannedExec::default() });
        let begun = Instant::now();
        deploy_second(&shop, &ear, port, "{}").await.expect_err("nobody can reach it");
        let told = ear.text();
        let where_to = format!(
            "container listening on expected port ({port}) with unexpected IPv4 interface: expected=0.0.0.0 actual=127.0.0.1"
        );
        assert!(told.contains(&where_to), "{told}");
        assert!(begun.elapsed() < Duration::from_secs(30), "it waited the whole minute");
        assert_eq!(shop.seen(), before);
    });
}

#[test]
fn a_port_that_opens_late_costs_a_path_check_no_try() {
    let shop = open_shop();
    platform::runtime().unwrap().block_on(async {
        let ear = Arc::new(Ear::default());
        let (_held, port) = held_port();
        // A single try: were it spent on the closed port, the deploy would fail.
        let app_json = r#"{"healthchecks": {"web": [
            {"type": "startup", "name": "page", "path": "/", "attempts": 1, "wait": 30}
        ]}}"#;
        let (deployed, ()) = tokio::join!(deploy_second(&shop, &ear, port, app_json), async {
            ear.heard("name='page'").await;
            answer_requests(&shop, port);
        });
        deployed.unwrap_or_else(|reason| panic!("{reason}\n{}", ear.text()));
    });
}

#[test]
fn what_fails_as_a_container_begins_is_tried_again() {
    let shop = open_shop();
    platform::runtime().unwrap().block_on(async {
        let ear = Arc::new(Ear::default());
        let (_held, port) = held_port();
        let app_json = r#"{"healthchecks": {"web": [
            {"type": "startup", "name": "ready", "command": ["bin/ready"], "attempts": 1, "wait": 30}
        ]}}"#;
        for status in [1, 0] {
            let stdout = "not yet\n".to_owned();
            shop.world.docker.plan_exec(PlannedExec { stdout, status, lingers: 2, ..PlannedExec::default() });
        }
        let (deployed, ()) = tokio::join!(deploy_second(&shop, &ear, port, app_json), async {
            ear.heard("name='ready'").await;
            answer_requests(&shop, port);
        });
        deployed.unwrap_or_else(|reason| panic!("{reason}\n{}", ear.text()));
        assert!(!ear.text().contains("not yet"), "it was no failure: {}", ear.text());
    });
}

/// Opens the port at the address of the container that is being checked, and answers whoever asks.
fn answer_requests(shop: &Shop, port: u16) {
    let state = shop.world.docker.state();
    let addresses =
        state.containers.values().flat_map(|made| made.container.network_settings.networks.values());
    let address = addresses.map(|endpoint| endpoint.ip.clone()).find(|ip| ip.starts_with("127."));
    let listener = TcpListener::bind((address.expect("it was started").as_str(), port)).expect("a free port");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 1024];
            // Who only looks whether the port is open sends nothing.
            if stream.read(&mut request).is_ok_and(|length| length > 0) {
                let _ =
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        }
    });
}

#[test]
fn a_checks_file_is_a_template_whose_paths_are_asked() {
    let shop = open_shop();
    shop.world.run("config:set --no-restart shop ENDPOINT=/alive");
    platform::runtime().unwrap().block_on(async {
        let ear = Arc::new(Ear::default());
        let (_held, port) = held_port();
        let checks = "ATTEMPTS=1\nWAIT=30\n{{ var \"ENDPOINT\" }}\n";
        let (deployed, ()) = tokio::join!(deploy_with(&shop, &ear, port, ("CHECKS", checks)), async {
            ear.heard("/alive").await;
            answer_requests(&shop, port);
        });
        deployed.unwrap_or_else(|reason| panic!("{reason}\n{}", ear.text()));
        assert!(ear.text().contains("Please move your healthchecks to app.json."), "{}", ear.text());
    });
}

#[test]
fn a_checks_file_that_says_nothing_sensible_ends_the_deploy_before_the_build() {
    let shop = open_shop();
    platform::runtime().unwrap().block_on(async {
        let ctx = shop.world.ctx(Arc::new(Unwatched));
        for (checks, said) in [
            ("WAIT=soon\n", "Line 1 of the CHECKS file is not understood"),
            ("{{ nothing }}", "CHECKS failed to render via sigil"),
        ] {
            let files = [("Dockerfile", "FROM scratch\n"), ("CHECKS", checks)];
            let Err(refused) = shop.receive_files(&ctx, "two", &files).await else { panic!("taken") };
            let reason = deploy::reason(&refused);
            assert!(reason.contains(said), "{reason}");
        }
    });
}

#[test]
fn a_check_by_https_wants_somebody_who_speaks_it() {
    let shop = open_shop();
    platform::runtime().unwrap().block_on(async {
        let (before, ear) = (shop.seen(), Arc::new(Ear::default()));
        let (_held, port) = held_port();
        let app_json = r#"{"healthchecks": {"web": [
            {"type": "startup", "name": "page", "path": "/", "scheme": "https", "attempts": 1,
             "onFailure": {"url": "https://127.0.0.1:1/"}}
        ]}}"#;
        // The port is looked at besides, and opens.
        let (deployed, ()) = tokio::join!(deploy_second(&shop, &ear, port, app_json), async {
            ear.heard("name='page'").await;
            answer_requests(&shop, port);
        });
        deployed.expect_err("there is no https");
        let told = ear.text();
        assert!(told.contains("Failure in name='page': cannot ask https://127."), "{told}");
        assert!(told.contains("Error in HandleFailure: cannot ask https://127.0.0.1:1/"), "{told}");
        assert_eq!(shop.seen(), before);
    });
}

#[test]
fn a_container_that_ends_is_removed_and_what_it_wrote_is_kept() {
    let shop = open_shop();
    let ear = Arc::new(Ear::default());
    let (_held, port) = held_port();
    let stdout = "the database is missing\n".to_owned();
    let run = PlannedRun { stdout, exit: Some(3), ..PlannedRun::default() };
    shop.world.docker.plan_run("dokku/shop:latest", run);
    let before = shop.seen();
    let refused = platform::runtime().unwrap().block_on(deploy_second(&shop, &ear, port, "{}"));
    refused.expect_err("it has ended");
    assert!(ear.text().contains("Container web.1 ended with status 3"), "{}", ear.text());
    assert!(ear.text().contains("the database is missing"), "{}", ear.text());
    assert_eq!(shop.seen(), before, "nothing of it is left");
    let kept = shop.world.run("logs:failed shop");
    assert!(kept.contains("the database is missing"), "{kept}");
    // The next deploy that goes well has nothing to show.
    let scope = Scope::from(&shop.app);
    properties::set(&shop.world.layout, "checks", &scope, "skipped", "_all_").expect("writable");
    let deployed = platform::runtime().unwrap().block_on(shop.deploy("three", Arc::new(Unwatched)));
    deployed.expect("deployed");
    let kept = shop.world.run("logs:failed shop");
    assert!(!kept.contains("the database is missing"), "{kept}");
}
