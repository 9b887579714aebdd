use expect_test::expect;

use crate::support::World;

fn world() -> World {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    world
}

#[test]
fn mappings_come_and_go() {
    let world = world();
    expect![[r#"
        2> !     No port mappings configured for app
        exit 1
    "#]]
    .assert_eq(&world.run("ports:list shop"));
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     Ignoring detected https port mapping without an accompanying ssl certificate (https:443:5000)
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("ports:add shop http:8080:5000 https:443:5000"));
    expect![[r#"
        -----> Port mappings for shop
            -----> scheme  host port  container port
            http           8080       5000
            https          443        5000
    "#]]
    .assert_eq(&world.run("ports:list shop"));
    assert_eq!(
        world.run("--quiet ports:list shop"),
        "    http   8080  5000
    https  443   5000
"
    );
    expect![[r#"
        2> !     Error validating all port mappings: The same scheme:host-port is being reused: http:8080
        2> !     each pair of scheme and host port leads to one container port
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add shop http:8080:3000"));
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     Ignoring detected https port mapping without an accompanying ssl certificate (https:443:5000)
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("ports:remove shop 8080"));
    expect![[r#"
        =====> shop ports information
               Ports map:                     https:443:5000
               Ports map detected:            http:80:5000
               Ports map detected json:       [{"container_port":5000,"host_port":80,"scheme":"http"}]
               Ports map json:                [{"container_port":5000,"host_port":443,"scheme":"https"}]
    "#]]
    .assert_eq(&world.run("ports:report shop"));
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("ports:clear shop"));
    assert_eq!(
        world.run("ports:report shop --ports-map"),
        "
"
    );
}

#[test]
fn what_is_wrong_is_said() {
    let world = world();
    expect![[r#"
        2> !     Invalid port map http:80 [len=2]
        2> !     a port map is <scheme>:<host-port>:<container-port>, for example http:80:5000; ports are 1 to 65535
        2> !     a path and a process type may be named: http:80/ws:worker:3000
        exit 1
    "#]]
    .assert_eq(&world.run("ports:set shop http:80"));
    expect![[r#"
        2> !     No port mapping specified
        exit 1
    "#]]
    .assert_eq(&world.run("ports:set shop"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("ports:list nope"));
}

#[test]
fn a_certificate_adds_https_to_detected_ports() {
    let world = world();
    let tls = world.layout.root.join("shop/tls");
    std::fs::create_dir_all(&tls).expect("a folder");
    std::fs::write(tls.join("server.crt"), "x").expect("a file");
    std::fs::write(tls.join("server.key"), "x").expect("a file");
    expect![[r#"
        http:80:5000 https:443:5000
    "#]]
    .assert_eq(&world.run("ports:report shop --ports-map-detected"));
}

/// A server whose app runs two processes, and one whose app holds a port.
fn routed() -> World {
    let world = world();
    let app = world.layout.root.join("shop");
    for (name, text) in [
        ("IP.web.1", "172.17.0.2"),
        ("PORT.web.1", "5000"),
        ("IP.worker.1", "172.17.0.3"),
        ("IP.worker.2", "172.17.0.4"),
    ] {
        std::fs::write(app.join(name), text).expect("writable");
    }
    world.run("apps:create other");
    world
}

fn lines(text: &str, words: &[&str]) -> String {
    let has = |line: &&str| words.iter().any(|word| line.trim_start().starts_with(word));
    text.lines().filter(has).map(|line| format!("{}\n", line.trim_start())).collect()
}

/// What of an app's configuration is passed on.
fn streams_of(world: &World) -> String {
    let config = world.run("nginx:show-config shop");
    let at = config.rfind("# Made by Dokku").expect("two parts");
    config[at..].to_owned()
}

#[test]
fn a_path_leads_to_another_process_beside_the_detected_ports() {
    let world = routed();
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
    "#]]
    .assert_eq(&world.run("ports:add shop http:80/ws:worker:3000 http:80:/api:5001"));
    expect![[r#"
        -----> Port mappings for shop
            -----> scheme  host port  container port
            http           80/api     5001
            http           80/ws      worker:3000
    "#]]
    .assert_eq(&world.run("ports:list shop"));
    expect![[r#"
        =====> shop ports information
               Ports map:                     http:80/api:5001 http:80/ws:worker:3000
               Ports map detected:            http:80:5000
               Ports map detected json:       [{"container_port":5000,"host_port":80,"scheme":"http"}]
               Ports map json:                [{"container_port":5001,"host_port":80,"scheme":"http","path":"/api"},{"container_port":3000,"host_port":80,"scheme":"http","path":"/ws","process_type":"worker"}]
    "#]]
    .assert_eq(&world.run("ports:report shop"));
    let config = world.run("nginx:show-config shop");
    expect![[r#"
        server {
        listen      [::]:80;
        listen      80;
        location    / {
        proxy_pass  http://shop-5000;
        location    = /api {
        proxy_pass  http://shop-5001;
        location    /api/ {
        proxy_pass  http://shop-5001;
        location    = /ws {
        proxy_pass  http://shop_worker-3000;
        location    /ws/ {
        proxy_pass  http://shop_worker-3000;
        upstream shop-5000 {
        server 172.17.0.2:5000;
        upstream shop-5001 {
        server 172.17.0.2:5001;
        upstream shop_worker-3000 {
        server 172.17.0.3:3000;
        server 172.17.0.4:3000;
    "#]]
    .assert_eq(&lines(
        &config,
        &["server {", "listen", "location    ", "proxy_pass ", "return", "upstream", "server 1"],
    ));
    // What Dokku's tools and templates see has the shape that they know.
    assert_eq!(world.run("--quiet plugin:trigger ports-get shop"), "http:80:5000\n");
    world.run("ports:remove shop http:80/ws:worker:3000 http:80/api:5001");
    assert!(!world.run("nginx:show-config shop").contains("worker"));
}

#[test]
fn a_port_that_serves_paths_alone_knows_no_other_page() {
    let world = routed();
    world.run("ports:add shop http:8080/ws:worker:3000 http:8081:worker:3000 http:80/gone:cron:1");
    let config = world.run("nginx:show-config shop");
    expect![[r#"
        listen      80;
        location    / {
        proxy_pass  http://shop-5000;
        location    = /gone {
        return 502;
        location    /gone/ {
        return 502;
        listen      8081;
        location    / {
        proxy_pass  http://shop_worker-3000;
        listen      8080;
        location    / {
        return 404;
        location    = /ws {
        proxy_pass  http://shop_worker-3000;
        location    /ws/ {
        proxy_pass  http://shop_worker-3000;
    "#]]
    .assert_eq(&lines(&config, &["listen      8", "location    ", "proxy_pass ", "return"]));
}

#[test]
fn bytes_and_datagrams_are_passed_on() {
    let world = routed();
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
    "#]]
    .assert_eq(&world.run("ports:add shop http:80:5000 tcp:5432:5432 udp:53:worker:5353"));
    expect![[r#"
        # Made by Dokku: changes are lost with the next deploy. TCP and UDP ports of shop.
        server {
          listen      [::]:5432 so_keepalive=on;
          listen      5432 so_keepalive=on;
          access_log  /var/log/nginx/shop-access.log passed_on;
          error_log   /var/log/nginx/shop-error.log;
          proxy_pass  shop-5432;
          proxy_connect_timeout 60s;
          proxy_timeout 24h;
          proxy_socket_keepalive on;
        }

        server {
          listen      [::]:53 udp reuseport;
          listen      53 udp reuseport;
          access_log  /var/log/nginx/shop-access.log passed_on;
          error_log   /var/log/nginx/shop-error.log;
          proxy_pass  shop_worker-5353;
          proxy_connect_timeout 60s;
          proxy_timeout 60s;
        }

        upstream shop-5432 {
          server 172.17.0.2:5432;
        }

        upstream shop_worker-5353 {
          server 172.17.0.3:5353;
          server 172.17.0.4:5353;
        }
    "#]]
    .assert_eq(&streams_of(&world));
    world.run("ports:remove shop 5432 53");
    assert!(!world.layout.root.join("shop/nginx.stream.conf").exists());
}

#[test]
fn over_tls_names_tell_apps_apart() {
    let world = routed();
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     Ignoring detected tls+tcp port mapping without an accompanying ssl certificate (tls+tcp:8883:1883)
    "#]].assert_eq(&world.run("ports:add shop tls+tcp:8883:1883 http:80:5000"));
    for app in ["shop", "other"] {
        let tls = world.layout.root.join(app).join("tls");
        std::fs::create_dir_all(&tls).expect("a folder");
        std::fs::write(tls.join("server.crt"), "x").expect("a file");
        std::fs::write(tls.join("server.key"), "x").expect("a file");
    }
    world.run("proxy:build-config shop");
    expect![[r##"
        # Made by Dokku: changes are lost with the next deploy. TCP and UDP ports of shop.
        # First of its port for whoever asks for a name of nobody.
        server {
          listen      [::]:8883 ssl;
          listen      8883 ssl;
          server_name shop.nobody.invalid;
          ssl_reject_handshake on;
          return      "";
        }

        server {
          listen      [::]:8883 ssl;
          listen      8883 ssl;
          server_name shop.example.com;
          ssl_certificate           $WORLD/home/shop/tls/server.crt;
          ssl_certificate_key       $WORLD/home/shop/tls/server.key;
          ssl_protocols             TLSv1.2 TLSv1.3;
          ssl_prefer_server_ciphers off;
          access_log  /var/log/nginx/shop-access.log passed_on;
          error_log   /var/log/nginx/shop-error.log;
          proxy_pass  shop-1883;
          proxy_connect_timeout 60s;
          proxy_timeout 24h;
          proxy_socket_keepalive on;
        }

        upstream shop-1883 {
          server 172.17.0.2:1883;
        }
    "##]]
    .assert_eq(&streams_of(&world));
    assert!(!world.run("ports:add other tls+tcp:8883:1").contains("exit"));
    world.run("ports:clear other");
    world.run("domains:disable other");
    expect![[r#"
        2> !     Port 8883 belongs to shop (tls+tcp:8883:1883): tls+tcp:8883:1
        2> !     a port of tls+tcp is shared by domains: each app needs its own
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add other tls+tcp:8883:1"));
}

#[test]
fn a_port_that_is_anothers_is_refused_and_nothing_changed() {
    let world = routed();
    world.run("ports:add shop http:80:5000 tcp:5432:5432 udp:53:53");
    world.proxy.asked();
    expect![[r#"
        2> !     Port 5432 belongs to shop (tcp:5432:5432): tcp:5432:5432
        2> !     only http, https, grpc, grpcs and tls+tcp share a port among apps, by domain
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add other tcp:5432:5432"));
    expect![[r#"
        2> !     Port 5432 belongs to shop (tcp:5432:5432): http:5432:5000
        2> !     only http, https, grpc, grpcs and tls+tcp share a port among apps, by domain
        exit 1
    "#]]
    .assert_eq(&world.run("ports:set other http:5432:5000"));
    expect![[r#"
        2> !     Port 5432 is mapped already: tcp:5432:5432
        2> !     https:5432:5000 and tcp:5432:5432 cannot both be served
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add shop https:5432:5000"));
    expect![[r#"
        2> !     Port 22 is the appliance's own, for SSH: tcp:22:22
        2> !     choose another host port
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add other tcp:22:22"));
    expect![[r#"
        2> !     The proxy speaks HTTP on port 443: tls+tcp:443:1
        2> !     choose another host port
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add other tls+tcp:443:1"));
    assert_eq!(world.run("ports:report other --ports-map"), "\n");
    assert!(world.proxy.asked().is_empty());
    // What a build finds exposed gives way.
    let streams = world.layout.nginx_streams();
    std::fs::create_dir_all(&streams).expect("a folder");
    std::fs::write(streams.join("shop.conf"), "").expect("writable");
    world.run("plugin:trigger ports-set-detected other http:5432:5432 udp:53:53");
    expect![[r#"
        -----> No published port leads to other: it also answers on port 80 (container port 5432)
        -----> Configuring other.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     Port 5432 belongs to shop, so http:5432:5432 is not served
        2> !     No web listeners specified for other
    "#]]
    .assert_eq(&world.run("proxy:build-config other"));
    expect![[r#"
        -----> Cloning shop to twin
        -----> Creating twin...
        -----> Creating new app virtual host file...
        2> !     Stays with shop alone: tcp:5432:5432 udp:53:53
    "#]]
    .assert_eq(&world.run("apps:clone --skip-deploy shop twin"));
    assert_eq!(world.run("ports:report twin --ports-map"), "http:80:5000\n");
}

#[test]
fn two_apps_with_a_domain_in_common_do_not_come_to_share_a_port() {
    let world = World::new();
    for line in [
        "apps:create shop",
        "apps:create blog",
        "ports:set shop http:8080:5000",
        "ports:set blog http:9090:5000",
        "domains:set shop www.example.com",
        "domains:set blog www.example.com blog.example.com",
    ] {
        assert!(!world.run(line).contains("exit"), "{line}");
    }
    expect![[r#"
        2> !     www.example.com is a domain of app shop already, which answers on port 8080 too: https:8080:5000
        2> !     Give one of them another port, or take the domain away: dokku domains:remove blog www.example.com
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add blog https:8080:5000"));
    assert!(!world.run("ports:list blog").contains("8080"));
    world.run("domains:remove blog www.example.com");
    assert!(!world.run("ports:add blog http:8080:5000").contains("exit"));
}

#[test]
fn mappings_that_the_proxy_refuses_are_not_kept() {
    let world = routed();
    world.run("ports:add shop http:80:5000");
    world.proxy.refuse("bind() to 0.0.0.0:5432 failed");
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     nginx refuses the configuration of shop: bind() to 0.0.0.0:5432 failed
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add shop tcp:5432:5432"));
    assert_eq!(world.run("ports:report shop --ports-map"), "http:80:5000\n");
    assert!(!world.layout.root.join("shop/nginx.stream.conf").exists());
}
