//! Proxies that run in containers of their own and learn of apps by labels: caddy, haproxy, openresty, traefik.

use dokku::model::{Fault, RunPlan};
use dokku::platform;
use dokku::platform::docker::{Docker, DockerError, Filter};
use dokku::store::published_ports::{self, PublishedPorts};
use expect_test::expect;

use crate::support::{PlannedRun, World, deployed};

const IMAGE: &str = "lucaslorentz/caddy-docker-proxy:2.13";

fn world() -> World {
    let world = World::new();
    world.docker.have_image(IMAGE, Default::default());
    world
}

/// Names and states of the containers that belong to a proxy.
fn containers(world: &World) -> Vec<String> {
    let filter = Filter::label("com.docker.compose.project");
    let found = platform::runtime().expect("a runtime").block_on(world.docker.list_containers(&filter));
    found.expect("listed").iter().map(|one| format!("{} {}", one.name(), one.state)).collect()
}

/// A container as another has made it.
fn make(world: &World, name: &str, options: &[&str], starts: bool) -> String {
    let mut plan = RunPlan { name: Some(name.to_owned()), ..RunPlan::of_image(IMAGE) };
    let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
    dokku::model::docker_args::add_run_options(&mut plan, &options, &|_| None).expect("options");
    platform::runtime().expect("a runtime").block_on(async {
        let id = world.docker.create_container(&plan).await.expect("made");
        if starts {
            world.docker.start_container(&id).await.expect("started");
        }
        id
    })
}

/// The calls since the last time, without what hangs on where the world is.
fn calls(world: &World) -> String {
    let lib = world.layout.lib.display().to_string();
    let mut calls = world.docker.take_calls().replace(&lib, "$WORLD/lib");
    let label = "com.dokku.companion-plan=";
    if let Some(at) = calls.find(label) {
        calls.replace_range(at + label.len()..at + label.len() + 40, "SHA");
    }
    calls
}

fn status(world: &World) -> Option<String> {
    std::fs::read_to_string(world.layout.lib.join("config/caddy/--global/proxy-status")).ok()
}

#[test]
fn the_compose_file_says_how_a_proxy_runs() {
    let world = world();
    expect![[r#"
        ---
        services:
          caddy:
            image: "lucaslorentz/caddy-docker-proxy:2.13"
            restart: unless-stopped
            network_mode: bridge
            ports:
              - "80:80"
            environment:
              - "CADDY_INGRESS_NETWORKS=bridge"
              - "CADDY_DOCKER_POLLING_INTERVAL=5s"
            # What holds for all sites
            labels:
              - "caddy.log.level=ERROR"
              - "caddy.log.format=json"
              - "caddy.auto_https=off"
            volumes:
              - "$WORLD/lib/data/caddy:/data"
              - "/var/run/docker.sock:/var/run/docker.sock:ro"
    "#]]
    .assert_eq(&world.run("caddy:show-config"));
    world.run("caddy:set --global letsencrypt-email me@example.com");
    world.run("caddy:set --global http-port 8080");
    world.run("caddy:set --global log-level debug");
    expect![[r#"
        ---
        services:
          caddy:
            image: "lucaslorentz/caddy-docker-proxy:2.13"
            restart: unless-stopped
            network_mode: bridge
            ports:
              - "8080:80"
              - "443:443"
            environment:
              - "CADDY_INGRESS_NETWORKS=bridge"
              - "CADDY_DOCKER_POLLING_INTERVAL=5s"
            # What holds for all sites
            labels:
              - "caddy.log.level=DEBUG"
              - "caddy.log.format=json"
              - "caddy.email=me@example.com"
              - "caddy.acme_ca=https://acme-v02.api.letsencrypt.org/directory"
            volumes:
              - "$WORLD/lib/data/caddy:/data"
              - "/var/run/docker.sock:/var/run/docker.sock:ro"
    "#]]
    .assert_eq(&world.run("caddy:show-config any"));
    expect![[r#"
        ---
        services:
          haproxy:
            image: "byjg/easy-haproxy:6.1.1"
            restart: unless-stopped
            network_mode: bridge
            ports:
              - "80:80"
            environment:
              # Apps are found by their labels, which begin with haproxy
              - "EASYHAPROXY_DISCOVER=docker"
              - "EASYHAPROXY_LABEL_PREFIX=haproxy"
              - "EASYHAPROXY_REFRESH_CONF=10"
              - "HAPROXY_STATS_PORT=false"
              - "CERTBOT_LOG_LEVEL=ERROR"
              - "EASYHAPROXY_LOG_LEVEL=ERROR"
              - "HAPROXY_LOG_LEVEL=ERROR"
            volumes:
              - "/var/run/docker.sock:/var/run/docker.sock:ro"
    "#]]
    .assert_eq(&world.run("haproxy:show-config"));
    expect![[r#"
        ---
        services:
          openresty:
            image: "dokku/openresty-docker-proxy:0.12.1"
            restart: unless-stopped
            network_mode: bridge
            ports:
              - "80:80"
            environment:
              - "OPENRESTY_LABEL_PREFIX=openresty."
            # Where certificates are kept
            volumes:
              - "$WORLD/lib/data/openresty-vhosts/.docker-letsencrypt:/etc/resty-auto-ssl"
              - "/var/run/docker.sock:/var/run/docker.sock:ro"
    "#]]
    .assert_eq(&world.run("openresty:show-config"));
}

#[test]
fn traefik_is_told_on_its_command_line() {
    let world = world();
    expect![[r#"
        ---
        services:
          traefik:
            image: "traefik:v3.7.10"
            restart: unless-stopped
            network_mode: bridge
            ports:
              - "80:80"
            command:
              - "--api=false"
              - "--api.dashboard=false"
              - "--log.format=json"
              - "--log.level=ERROR"
              # Apps are found by their labels, and no other container
              - "--providers.docker"
              - "--providers.docker.exposedByDefault=false"
              - "--entrypoints.http.address=:80"
            environment: []
            # How traefik is asked about itself
            labels:
              - "traefik.enable=false"
            volumes:
              - "$WORLD/lib/data/traefik:/data"
              - "/var/run/docker.sock:/var/run/docker.sock:ro"
    "#]]
    .assert_eq(&world.run("traefik:show-config"));
    for setting in [
        "letsencrypt-email me@example.com",
        "challenge-mode dns",
        "dns-provider cloudflare",
        "dns-provider-cf_api_token a$b",
        "api-enabled true",
        "api-entry-point inner",
        "api-entry-point-address 127.0.0.1:8080",
        "basic-auth-username me",
        "basic-auth-password secret",
    ] {
        world.run(&format!("traefik:set --global {setting}"));
    }
    expect![[r#"
        ---
        services:
          traefik:
            image: "traefik:v3.7.10"
            restart: unless-stopped
            network_mode: bridge
            ports:
              - "80:80"
              - "443:443"
              - "127.0.0.1:8080:8080"
            command:
              - "--api=true"
              - "--api.dashboard=false"
              - "--log.format=json"
              - "--log.level=ERROR"
              # Apps are found by their labels, and no other container
              - "--providers.docker"
              - "--providers.docker.exposedByDefault=false"
              - "--entrypoints.http.address=:80"
              - "--entrypoints.inner.address=:8080"
              - "--entrypoints.https.address=:443"
              - "--entrypoints.http.http.redirections.entrypoint.to=https"
              - "--entrypoints.http.http.redirections.entrypoint.scheme=https"
              - "--certificatesresolvers.leresolver.acme.email=me@example.com"
              - "--certificatesresolvers.leresolver.acme.caserver=https://acme-v02.api.letsencrypt.org/directory"
              - "--certificatesresolvers.leresolver.acme.storage=/data/acme.json"
              - "--certificatesresolvers.leresolver.acme.dnschallenge=true"
              - "--certificatesresolvers.leresolver.acme.dnschallenge.provider=cloudflare"
            environment: ["CF_API_TOKEN=a$$b"]
            # How traefik is asked about itself
            labels:
              - "traefik.enable=true"
              - "traefik.http.routers.api.rule=Host(`traefik.dokku.me`)"
              - "traefik.http.routers.api.service=api@internal"
              - "traefik.http.routers.api.entrypoints=inner"
              - "traefik.http.routers.api.middlewares=auth"
              - "traefik.http.middlewares.auth.basicauth.users=me:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="
            volumes:
              - "$WORLD/lib/data/traefik:/data"
              - "/var/run/docker.sock:/var/run/docker.sock:ro"
    "#]].assert_eq(&world.run("traefik:show-config"));
}

#[test]
fn a_proxy_is_started_replaced_and_stopped_as_a_container() {
    let world = world();
    expect![[r#"
        2> !     There is no container of caddy
        2> !     `dokku caddy:start` makes one
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:logs"));
    world.docker.take_calls();
    expect![[r#"
        -----> Starting caddy
               caddy runs
    "#]]
    .assert_eq(&world.run("caddy:start"));
    expect![[r#"
        docker create --name=caddy-caddy-1.upcoming --label=caddy.auto_https=off --label=caddy.log.format=json --label=caddy.log.level=ERROR --label=com.docker.compose.project=caddy --label=com.docker.compose.service=caddy --label=com.dokku.companion-plan=SHA --label=dokku --label=org.label-schema.schema-version=1.0 --label=org.label-schema.vendor=dokku --restart=unless-stopped --env=CADDY_INGRESS_NETWORKS=bridge --env=CADDY_DOCKER_POLLING_INTERVAL=5s --network=bridge --publish=80:80 --volume=$WORLD/lib/data/caddy:/data --volume=/var/run/docker.sock:/var/run/docker.sock:ro lucaslorentz/caddy-docker-proxy:2.13
        docker start 0000000000050000000000000000000000000000000000000000000000000000
        docker rename 0000000000050000000000000000000000000000000000000000000000000000 caddy-caddy-1
    "#]].assert_eq(&calls(&world));
    assert_eq!(status(&world).as_deref(), Some("started"));

    assert!(world.run("caddy:start").contains("caddy runs already"));
    assert_eq!(world.docker.take_calls(), "");

    world.run("caddy:set --global polling-interval 1s");
    expect![[r#"
        -----> Starting caddy
               caddy runs
    "#]]
    .assert_eq(&world.run("caddy:start"));
    assert_eq!(containers(&world), ["caddy-caddy-1 running"]);
    assert!(world.docker.take_calls().contains("docker stop"));

    assert_eq!(world.run("caddy:stop"), "-----> Stopping caddy\n");
    assert!(containers(&world).is_empty());
    assert_eq!(status(&world).as_deref(), Some("stopped"));
    assert_eq!(world.run("caddy:stop"), "-----> Stopping caddy\n", "there is none to be stopped");
}

#[test]
fn a_port_that_is_taken_is_told_with_its_holder_and_nothing_is_touched() {
    let world = world();
    let ports = PublishedPorts { tcp: [(80, vec![80])].into(), ..PublishedPorts::default() };
    published_ports::write(&world.layout, &ports).expect("writable");
    expect![[r#"
        -----> Starting caddy
        2> !     Port 80 of the host is the appliance's own: it leads to its port 80
        2> !     Start the appliance with another port there (docker run -p 8080:80 … instead of -p 80:80),
        2> !     or have caddy take another port (caddy:set --global has properties for them)
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:start"));
    assert_eq!(status(&world), None);
    world.run("caddy:set --global http-port 8080");
    make(&world, "shop", &["--publish=8080:80"], true);
    expect![[r#"
        -----> Starting caddy
        2> !     Port 8080 of the host is taken by the container shop
        2> !     Stop that one, or have caddy take another port
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:start"));
    assert!(containers(&world).is_empty());
    world.run("caddy:set --global http-port 8081");
    assert!(world.run("caddy:start").contains("caddy runs"));
}

#[test]
fn what_does_not_start_leaves_what_ran_before() {
    let world = world();
    world.run("caddy:start");
    world.run("caddy:set --global polling-interval 1s");
    let words = "start the container: port 80 is already allocated";
    world.docker.plan_fault("docker start", DockerError::Other(Fault::new(words)));
    expect![[r#"
        -----> Starting caddy
        2> !     start the container: port 80 is already allocated
        2> !     It publishes these ports of the host, which nobody else may have: 80
        2> !     caddy runs again as it did before
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:start"));
    assert_eq!(containers(&world), ["caddy-caddy-1 running"]);
    let falls = PlannedRun { stderr: "no such option\n".to_owned(), exit: Some(3), ..PlannedRun::default() };
    world.docker.plan_run("caddy-caddy-1.upcoming", falls);
    expect![[r#"
        -----> Starting caddy
        2> !     caddy does not stay up (exit status 3):
        2> !     no such option
        2> !     caddy runs again as it did before
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:start"));
    assert_eq!(containers(&world), ["caddy-caddy-1 running"]);
    assert_eq!(status(&world).as_deref(), Some("started"));
}

#[test]
fn what_a_kill_left_in_the_middle_is_found() {
    let project = "--label=com.docker.compose.project=caddy";
    // Killed when the new one was made: the one before serves.
    let world = self::world();
    world.run("caddy:start");
    make(&world, "caddy-caddy-1.upcoming", &[project], false);
    world.run("caddy:start");
    assert_eq!(containers(&world), ["caddy-caddy-1 running"]);
    world.run("caddy:stop");

    // Killed when the one before was stopped: the next start of the appliance goes on.
    make(&world, "caddy-caddy-1", &[project], false);
    make(&world, "caddy-caddy-1.upcoming", &[project], false);
    world.run("caddy:set --global log-level debug");
    std::fs::write(world.layout.lib.join("config/caddy/--global/proxy-status"), "started").expect("writable");
    world.run("ps:restore");
    assert_eq!(containers(&world), ["caddy-caddy-1 running"]);

    // Killed when the new one ran: it is kept until it is known to be right.
    world.run("caddy:stop");
    make(&world, "caddy-caddy-1", &[project], false);
    make(&world, "caddy-caddy-1.upcoming", &[project], true);
    assert!(world.run("caddy:logs").is_empty(), "it is the one that runs");
    world.run("caddy:stop");
    assert!(containers(&world).is_empty(), "and goes with the other");
}

#[test]
fn a_plugin_may_bring_another_compose_file() {
    let world = world();
    let path = world.layout.lib.join("compose.yml.sigil");
    world.add_plugin("mine", "caddy-template-source", &format!("echo {}", path.display()));
    assert!(world.run("caddy:start").contains("is not there"));
    std::fs::write(&path, "services:\n  web:\n    image: {{ $.CADDY_IMAGE }}\n    deploy: {}\n")
        .expect("writable");
    expect![[r#"
        2> !     The compose file may not say services.web.deploy here
        2> !     The container is made without compose; what it can be told there: image, command, ports, volumes, labels, environment, networks, network_mode and restart
        exit 1
    "#]].assert_eq(&world.run("caddy:start"));
    std::fs::write(&path, "services: {web: {image: '{{ $.CADDY_IMAGE }}', labels: [a=b]}}\n")
        .expect("writable");
    assert!(world.run("caddy:show-config").contains("a=b"));
    world.docker.take_calls();
    world.run("caddy:start");
    assert!(world.docker.take_calls().contains("--label=a=b"));
}

#[test]
fn settings_are_set_and_reported() {
    let world = world();
    world.run("apps:create shop");
    expect![[r#"
        =====> shop caddy information
               Caddy computed http port:          80
               Caddy computed https port:         443
               Caddy computed image:              lucaslorentz/caddy-docker-proxy:2.13
               Caddy computed letsencrypt email:  
               Caddy computed letsencrypt server: https://acme-v02.api.letsencrypt.org/directory
               Caddy computed log level:          ERROR
               Caddy computed polling interval:   5s
               Caddy computed tls internal:       false
               Caddy global http port:            
               Caddy global https port:           
               Caddy global image:                
               Caddy global letsencrypt email:    
               Caddy global letsencrypt server:   
               Caddy global log level:            
               Caddy global polling interval:     
               Caddy global tls internal:         
               Caddy tls internal:                
    "#]]
    .assert_eq(&world.run("caddy:report shop"));
    for line in [
        "caddy:set shop image x",
        "caddy:set shop none x",
        "caddy:set shop",
        "caddy:set --global http-port none",
        "traefik:set shop dns-provider-x y",
        "traefik:set --global dns-provider-a=b y",
        "haproxy:set shop log-level x",
        "openresty:set shop hsts a;b",
    ] {
        let said = world.run(line);
        assert!(said.contains("exit 1"), "{line}: {said}");
    }
    expect![[r#"
        2> !     Invalid key specified, valid keys include: http-port https-port image letsencrypt-email letsencrypt-server log-level polling-interval tls-internal
        exit 1
    "#]].assert_eq(&world.run("caddy:set shop none x"));
}

#[test]
fn secrets_of_traefik_are_shown_to_programs_and_to_who_asks_for_one() {
    let world = world();
    world.run("apps:create shop");
    world.run("traefik:set --global basic-auth-password secretpassword");
    world.run("traefik:set --global dns-provider-test_key secretvalue");
    for line in ["traefik:report --global", "report shop"] {
        let report = world.run(line);
        assert!(!report.contains("secret"), "{report}");
        assert_eq!(report.matches("*******").count(), 3, "{report}");
    }
    assert_eq!(world.run("traefik:report --global --traefik-global-dns-provider-test_key"), "secretvalue\n");
    assert!(
        world
            .run("traefik:report --global --format json")
            .contains("\"global-basic-auth-password\":\"secretp")
    );
}

#[test]
fn an_app_that_another_proxy_leads_to_is_led_to_by_nginx_no_more() {
    let world = world();
    deployed(&world, "shop", &["web.1"]);
    world.run("proxy:build-config shop");
    let conf = world.layout.nginx_conf(&"shop".parse().expect("a name"));
    assert!(conf.exists());
    world.run("proxy:set shop type caddy");
    assert!(conf.exists(), "until the app is deployed with labels");
    expect![[r#"
        -----> Routing app via caddy
               nginx leads to it no longer
        2> !     caddy does not run: nothing leads to shop until `dokku caddy:start`
    "#]]
    .assert_eq(&world.run("plugin:trigger core-post-deploy shop 5000 172.17.0.2 latest"));
    assert!(!conf.exists());
    world.run("proxy:set shop type nginx");
    world.run("plugin:trigger core-post-deploy shop 5000 172.17.0.2 latest");
    assert!(conf.exists());
    world.run("proxy:set shop type null");
    world.run("proxy:build-config shop");
    assert!(!conf.exists());
}

#[test]
fn a_proxy_meets_its_apps_in_their_networks() {
    let world = world();
    deployed(&world, "shop", &["web.1"]);
    world.run("proxy:set shop type caddy");
    world.run("network:create zzz");
    let find = |name: &str| {
        let found = platform::runtime().expect("a runtime").block_on(world.docker.inspect_container(name));
        found.expect("it is there").id
    };
    let web = find("shop.web.1");
    platform::runtime().expect("a runtime").block_on(async {
        let join = dokku::model::run_plan::NetworkJoin::named("zzz");
        world.docker.connect_network(&join, &web).await.expect("joined");
        world.docker.disconnect_network("bridge", &web, true).await.expect("left");
    });
    world.docker.take_calls();
    world.run("caddy:start");
    let proxy = find("caddy-caddy-1");
    let calls = world.docker.take_calls();
    let joins: Vec<&str> = calls.lines().filter(|line| line.contains("network connect")).collect();
    assert_eq!(joins.len(), 1, "{calls}");
    assert!(joins[0].contains("zzz") && joins[0].ends_with(&proxy), "{calls}");
}
