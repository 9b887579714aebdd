//! Every setting of `nginx:set`, and every variable of a template: each shows in the configuration that is made.

use std::collections::BTreeSet;

use crate::support::World;

/// Key, value, and the line that the value makes in the built-in template.
const IN_THE_TEMPLATE: &[(&str, &str, &str)] = &[
    ("access-log-format", "combined", "access_log  /var/log/nginx/shop-access.log combined;"),
    ("access-log-path", "/var/log/nginx/other.log", "access_log  /var/log/nginx/other.log;"),
    ("bind-address-ipv4", "127.0.0.1", "listen      127.0.0.1:80;"),
    ("bind-address-ipv6", "::1", "listen      [::1]:80;"),
    ("client-body-timeout", "11s", "client_body_timeout 11s;"),
    ("client-header-timeout", "12s", "client_header_timeout 12s;"),
    ("client-max-body-size", "13m", "client_max_body_size 13m;"),
    ("error-log-path", "/var/log/nginx/wrong.log", "error_log   /var/log/nginx/wrong.log;"),
    ("keepalive-timeout", "14s", "keepalive_timeout 14s;"),
    ("lingering-timeout", "15s", "lingering_timeout 15s;"),
    ("proxy-buffer-size", "16k", "proxy_buffer_size 16k;"),
    ("proxy-buffering", "off", "proxy_buffering off;"),
    ("proxy-buffers", "17 8k", "proxy_buffers 17 8k;"),
    ("proxy-busy-buffers-size", "18k", "proxy_busy_buffers_size 18k;"),
    ("proxy-connect-timeout", "19s", "proxy_connect_timeout 19s;"),
    ("proxy-keepalive", "20", "keepalive 20;"),
    ("proxy-read-timeout", "21s", "proxy_read_timeout 21s;"),
    ("proxy-send-timeout", "22s", "proxy_send_timeout 22s;"),
    ("send-timeout", "23s", "send_timeout 23s;"),
    ("underscore-in-headers", "on", "underscores_in_headers on;"),
    (
        "x-forwarded-for-value",
        "$proxy_add_x_forwarded_for",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    ),
    ("x-forwarded-port-value", "443", "proxy_set_header X-Forwarded-Port 443;"),
    (
        "x-forwarded-proto-value",
        "$http_x_forwarded_proto",
        "proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;",
    ),
    ("x-forwarded-ssl", "on", "proxy_set_header X-Forwarded-Ssl on;"),
];

/// Key, value, and the header that the value makes; the app has a certificate.
const IN_HSTS: &[(&str, &str, &str)] = &[
    ("hsts", "true", "max-age=15724800; includeSubdomains"),
    ("hsts-include-subdomains", "false", "max-age=15724800"),
    ("hsts-max-age", "3600", "max-age=3600; includeSubdomains"),
    ("hsts-preload", "true", "max-age=15724800; includeSubdomains; preload"),
];

/// What does not end up in the configuration, each with its own test.
const ELSEWHERE: &[&str] = &["disable-custom-config", "nginx-conf-sigil-path", "nginx-service-command"];

/// A server with an app whose web container listens.
fn world() -> World {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    let app = world.layout.root.join("shop");
    std::fs::write(app.join("IP.web.1"), "172.17.0.2").expect("writable");
    std::fs::write(app.join("PORT.web.1"), "5000").expect("writable");
    world
}

fn built(world: &World) -> String {
    world.run("proxy:build-config shop");
    world.run("nginx:show-config shop")
}

#[test]
fn every_setting_is_in_one_of_these_tables() {
    let said = world().run("nginx:set shop nonsense x");
    let (_, keys) = said.lines().next().expect("a line").split_once("include: ").expect("keys");
    let tables = IN_THE_TEMPLATE.iter().chain(IN_HSTS).map(|(key, ..)| *key);
    let known: BTreeSet<&str> = tables.chain(ELSEWHERE.iter().copied()).collect();
    assert_eq!(keys.split(", ").collect::<BTreeSet<_>>(), known);
}

#[test]
fn each_takes_effect_for_the_app_and_for_all_and_goes_again() {
    let world = world();
    let usual = built(&world);
    for scope in ["shop", "--global"] {
        for (key, value, line) in IN_THE_TEMPLATE {
            assert!(!usual.contains(line), "{line} says nothing");
            world.run_words(&["nginx:set", scope, key, value]);
            let config = built(&world);
            assert!(config.lines().any(|one| one.trim() == *line), "{line} is not in\n{config}");
            world.run_words(&["nginx:set", scope, key]);
        }
        assert_eq!(built(&world), usual, "{scope}");
    }
    // What is set for the app wins.
    world.run("nginx:set --global client-max-body-size 5m");
    world.run("nginx:set shop client-max-body-size 6m");
    assert!(built(&world).contains("client_max_body_size 6m;"));
}

#[test]
fn without_a_log_there_is_no_format() {
    let world = world();
    world.run("nginx:set shop access-log-format combined");
    world.run("nginx:set shop access-log-path off");
    assert!(built(&world).contains("access_log  off;\n"));
}

#[test]
fn browsers_are_told_to_stay_with_https() {
    let world = world();
    let snippet = world.layout.root.join("shop/nginx.conf.d/hsts.conf");
    built(&world);
    assert!(!snippet.exists(), "without a certificate it would lock people out");
    let tls = world.layout.root.join("shop/tls");
    std::fs::create_dir_all(&tls).expect("a folder");
    for name in ["server.crt", "server.key"] {
        std::fs::write(tls.join(name), "x").expect("writable");
    }
    for (key, value, header) in IN_HSTS {
        world.run_words(&["nginx:set", "shop", key, value]);
        built(&world);
        let line = format!("add_header Strict-Transport-Security \"{header}\" always;\n");
        assert_eq!(std::fs::read_to_string(&snippet).expect("readable"), line, "{key}");
        world.run_words(&["nginx:set", "shop", key]);
    }
    world.run("nginx:set shop hsts false");
    built(&world);
    assert!(!snippet.exists());
}

#[test]
fn grpc_is_passed_on_as_such() {
    let world = world();
    world.run("ports:set shop grpc:50051:50051 http:80:5000");
    let config = built(&world);
    let (_, server) = config.split_once("listen      50051;").expect("a server");
    let (server, _) = server.split_once("\n}\n").expect("its end");
    for line in ["http2 on;", "grpc_pass  grpc://shop-50051;", "client_max_body_size 1m;"] {
        assert!(server.contains(line), "{line} is not in\n{server}");
    }
    assert!(config.contains("upstream shop-50051 {\n  server 172.17.0.2:50051;\n}"), "{config}");
    std::fs::remove_file(world.layout.root.join("shop/IP.web.1")).expect("removable");
    assert!(!built(&world).contains("listen      50051;"), "nothing to pass to");
}

/// The variables of a template but for those of process types (contract: formats.md section 9), and their values here.
const VARIABLES: &[(&str, &str)] = &[
    ("APP", "shop"),
    ("DOKKU_ROOT", "$WORLD/home"),
    ("DOKKU_LIB_ROOT", "$WORLD/lib"),
    ("NOSSL_SERVER_NAME", "shop.example.com www.example.org"),
    ("SSL_SERVER_NAME", ""),
    ("SSL_INUSE", "true"),
    ("APP_SSL_PATH", "$WORLD/home/shop/tls"),
    ("PROXY_PORT_MAP", "http:8080:9000 http:80:5000 https:443:5000"),
    ("PROXY_UPSTREAM_PORTS", "9000 5000"),
    ("PROXY_PORT", "80"),
    ("PROXY_SSL_PORT", "443"),
    ("NGINX_PORT", "80"),
    ("NGINX_SSL_PORT", "443"),
    ("DOKKU_APP_WEB_LISTENERS", "172.17.0.2:5000"),
    ("DOKKU_APP_LISTENERS", "172.17.0.2:5000"),
    ("DOKKU_APP_LISTEN_IP", ""),
    ("DOKKU_APP_LISTEN_PORT", ""),
    ("PASSED_LISTEN_IP_PORT", ""),
    ("HTTP2_SUPPORTED", "true"),
    ("TLS13_SUPPORTED", "true"),
    ("GRPC_SUPPORTED", "true"),
    ("SPDY_SUPPORTED", "false"),
    ("HTTP2_DIRECTIVE_SUPPORTED", "true"),
    ("HTTP2_PUSH_SUPPORTED", "false"),
    ("NGINX_LOG_ROOT", "/var/log/nginx"),
    ("NGINX_ACCESS_LOG_PATH", "/var/log/nginx/shop-access.log"),
    ("NGINX_ACCESS_LOG_FORMAT", "combined"),
    ("NGINX_ERROR_LOG_PATH", "/var/log/nginx/shop-error.log"),
    ("NGINX_BIND_ADDRESS_IP4", ""),
    ("NGINX_BIND_ADDRESS_IP6", "::"),
    ("NGINX_UNDERSCORE_IN_HEADERS", "off"),
    ("CLIENT_BODY_TIMEOUT", "60s"),
    ("CLIENT_HEADER_TIMEOUT", "60s"),
    ("KEEPALIVE_TIMEOUT", "75s"),
    ("LINGERING_TIMEOUT", "5s"),
    ("SEND_TIMEOUT", "60s"),
    ("CLIENT_MAX_BODY_SIZE", "1m"),
    ("PROXY_CONNECT_TIMEOUT", "60s"),
    ("PROXY_READ_TIMEOUT", "60s"),
    ("PROXY_SEND_TIMEOUT", "60s"),
    ("PROXY_BUFFER_SIZE", "4k"),
    ("PROXY_BUFFERING", "on"),
    ("PROXY_BUFFERS", "8 4k"),
    ("PROXY_BUSY_BUFFERS_SIZE", "8k"),
    ("PROXY_KEEPALIVE", ""),
    ("PROXY_X_FORWARDED_FOR", "$remote_addr"),
    ("PROXY_X_FORWARDED_PORT", "$server_port"),
    ("PROXY_X_FORWARDED_PROTO", "$scheme"),
    ("PROXY_X_FORWARDED_SSL", ""),
];

#[test]
fn a_template_sees_every_variable() {
    let world = world();
    let tls = world.layout.root.join("shop/tls");
    std::fs::create_dir_all(&tls).expect("a folder");
    for name in ["server.crt", "server.key"] {
        std::fs::write(tls.join(name), "x").expect("writable");
    }
    world.run("domains:add shop www.example.org");
    world.run("nginx:set shop access-log-format combined");
    world.run("ports:set shop http:80:5000 https:443:5000 http:8080:9000");
    let folder = world.layout.data("nginx-vhosts").join("app-shop");
    std::fs::create_dir_all(&folder).expect("a folder");
    let template: String = VARIABLES.iter().map(|(name, _)| format!("{name}={{{{ .{name} }}}}\n")).collect();
    std::fs::write(folder.join("nginx.conf.sigil"), template).expect("writable");
    let expected: String = VARIABLES.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    assert_eq!(built(&world), expected);
    // Without names of its own an app with a certificate is asked for by the global ones.
    world.run("domains:set-global example.com example.net");
    world.run("domains:disable shop");
    assert!(world.run("nginx:show-config shop").contains("\nSSL_SERVER_NAME=example.net example.com\n"));
}
