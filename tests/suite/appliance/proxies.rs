//! Proxies in containers of their own. Their images cannot be had everywhere: stand-ins of Debian's packages, which read
//! the same labels (tests/fixtures/proxies), are built under names of this test.

use crate::support::appliance::{build_image, docker, free_port, is_wanted, run_id};
use crate::support::http::get;
use crate::support::sources::root;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// A proxy's stand-in, with the networks of the story; removed when the story is over.
struct StandIn {
    proxy: &'static str,
    image: String,
    networks: Vec<String>,
}

impl StandIn {
    /// None where the stories are not wanted, or where its image cannot be built.
    fn of(proxy: &'static str) -> Option<Self> {
        if !is_wanted() {
            return None;
        }
        let image = format!("stand-in-{proxy}-{}", run_id());
        let folder = root().join("tests/fixtures/proxies").join(proxy);
        let built = build_image(&folder, &image);
        if built.status != 0 {
            eprintln!("SKIPPED: no stand-in for {proxy}: {built}");
            return None;
        }
        Some(StandIn { proxy, image, networks: Vec::new() })
    }

    fn container(&self) -> String {
        format!("{0}-{0}-1", self.proxy)
    }

    fn network(&mut self, dokku: &Appliance, word: &str) -> String {
        let name = format!("{word}-{}", run_id());
        dokku.ssh(&["network:create", &name]).ok();
        self.networks.push(name.clone());
        name
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        docker(&["rm", "-f", "-v", &self.container(), &format!("{}.upcoming", self.container())]);
        for network in &self.networks {
            docker(&["network", "rm", network]);
        }
        docker(&["rmi", "-f", &self.image]);
    }
}

#[track_caller]
fn wait_page(port: u16, app: &str) {
    until_true(30, &format!("port {port} leads to {app}"), || {
        get(port, &format!("{app}.localhost"), "/")
            .is_ok_and(|answer| answer.status == 200 && answer.body.contains("pushed with git"))
    });
}

fn is_led_to(port: u16, app: &str) -> bool {
    get(port, &format!("{app}.localhost"), "/").is_ok_and(|answer| answer.body.contains("pushed with git"))
}

#[test]
fn an_app_moves_to_caddy_and_back_to_nginx() {
    let Some(mut caddy) = StandIn::of("caddy") else { return };
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("moves");
    dokku.ssh(&["apps:create", &app]).ok();
    dokku.push(&Repository::of("hello"), &app).ok();
    dokku.wait_page(&app, "pushed with git");

    // A port that the appliance itself publishes.
    let image = caddy.image.clone();
    dokku.ssh(&["caddy:set", "--global", "image", &image]).ok();
    dokku.ssh(&["caddy:set", "--global", "http-port", &dokku.ports[1].to_string()]).ok();
    dokku.ssh(&["caddy:start"]).fails().says("is the appliance's own: it leads to its port 80");
    assert!(docker(&["inspect", &caddy.container()]).status != 0, "nothing was made");
    // A port that a program of the host has, of which only the engine knows.
    let held = std::net::TcpListener::bind(("0.0.0.0", 0)).expect("a free port");
    let taken = held.local_addr().expect("it is bound").port().to_string();
    dokku.ssh(&["caddy:set", "--global", "http-port", &taken]).ok();
    dokku.ssh(&["caddy:start"]).fails().says(&format!("which nobody else may have: {taken}"));
    assert!(docker(&["inspect", &format!("{}.upcoming", caddy.container())]).status != 0, "nothing is left");

    let port = free_port();
    dokku.ssh(&["caddy:set", "--global", "http-port", &port.to_string()]).ok();
    dokku.ssh(&["caddy:start"]).ok().says("caddy runs");
    dokku.ssh(&["proxy:set", &app, "type", "caddy"]).ok();
    assert!(is_led_to(dokku.ports[1], &app), "until it is built anew");
    dokku.ssh(&["ps:rebuild", &app]).ok().says("Routing app via caddy");
    wait_page(port, &app);
    assert!(!is_led_to(dokku.ports[1], &app), "nginx has forgotten it");

    // Killed at any moment, it is found by the next start.
    for (interval, pause) in [("2s", "0.05"), ("3s", "0.3"), ("4s", "0.8"), ("6s", "1.5")] {
        dokku.ssh(&["caddy:set", "--global", "polling-interval", interval]).ok();
        let script = format!("setsid dokku caddy:start & sleep {pause}; kill -9 -$!; true");
        dokku.inside(&["sh", "-c", &script]);
        dokku.ssh(&["caddy:start"]).ok().says("caddy ");
        let filter = "label=com.docker.compose.project=caddy";
        let there = docker(&["ps", "-a", "--filter", filter, "--format", "{{.Names}} {{.State}}"]).ok();
        assert_eq!(there.out.trim(), format!("{} running", caddy.container()));
        wait_page(port, &app);
    }

    // Networks before and after the engine's own one by name.
    for word in ["aaa", "zzz"] {
        let network = caddy.network(&dokku, word);
        dokku.ssh(&["network:set", &app, "initial-network", &network]).ok();
        dokku.ssh(&["ps:rebuild", &app]).ok();
        wait_page(port, &app);
    }
    dokku.ssh(&["network:set", &app, "initial-network"]).ok();
    dokku.ssh(&["ps:rebuild", &app]).ok();
    wait_page(port, &app);

    // The appliance is started anew, and with it a caddy that somebody has removed.
    docker(&["rm", "-f", &caddy.container()]).ok();
    docker(&["restart", &dokku.name()]).ok();
    dokku.wait_healthy();
    wait_page(port, &app);

    dokku.ssh(&["proxy:set", &app, "type", "nginx"]).ok();
    dokku.ssh(&["ps:rebuild", &app]).ok();
    dokku.wait_page(&app, "pushed with git");
    until_true(30, "caddy has forgotten it", || !is_led_to(port, &app));
    dokku.ssh(&["caddy:logs"]).ok();
    dokku.ssh(&["caddy:stop"]).ok();
    assert!(docker(&["inspect", &caddy.container()]).status != 0, "it is gone");

    dokku.ssh(&["proxy:set", &app, "type", "null"]).ok();
    dokku.ssh(&["ps:rebuild", &app]).ok();
    assert!(!is_led_to(dokku.ports[1], &app), "nobody leads to it");
}

#[test]
fn haproxy_leads_to_all_apps_that_chose_nothing_else() {
    let Some(haproxy) = StandIn::of("haproxy") else { return };
    let Some(dokku) = Appliance::start() else { return };
    let port = free_port();
    dokku.ssh(&["haproxy:set", "--global", "image", &haproxy.image]).ok();
    dokku.ssh(&["haproxy:set", "--global", "http-port", &port.to_string()]).ok();
    dokku.ssh(&["proxy:set", "--global", "type", "haproxy"]).ok();
    dokku.ssh(&["haproxy:start"]).ok();
    let (first, second) = (dokku.app("first"), dokku.app("second"));
    for app in [&first, &second] {
        dokku.ssh(&["apps:create", app]).ok();
    }
    dokku.ssh(&["ps:scale", "--skip-deploy", &first, "web=2"]).ok();
    dokku.ssh(&["proxy:set", &second, "type", "nginx"]).ok();
    for app in [&first, &second] {
        dokku.push(&Repository::of("hello"), app).ok();
    }
    wait_page(port, &first);
    dokku.wait_page(&second, "pushed with git");
    assert!(!is_led_to(port, &second) && !is_led_to(dokku.ports[1], &first));
    dokku.ssh(&["haproxy:stop"]).ok();
}
