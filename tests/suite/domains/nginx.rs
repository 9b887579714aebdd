use expect_test::expect;

use crate::support::World;

/// A server with an app whose two web containers listen.
fn world() -> World {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    let app = world.layout.root.join("shop");
    for (index, address) in [(1, "172.17.0.2"), (2, "172.17.0.3")] {
        std::fs::write(app.join(format!("IP.web.{index}")), address).expect("writable");
        std::fs::write(app.join(format!("PORT.web.{index}")), "5000").expect("writable");
    }
    world.proxy.asked();
    world
}

fn publish(world: &World, ports: &[(u16, u16)]) {
    let tcp = ports.iter().map(|(inner, outer)| (*inner, vec![*outer])).collect();
    let ports = dokku::store::published_ports::PublishedPorts { tcp, ..Default::default() };
    dokku::store::published_ports::write(&world.layout, &ports).expect("writable");
}

#[test]
fn a_new_app_is_answered_for_without_waiting() {
    let world = World::new();
    expect![[r#"
        -----> Creating shop...
        -----> Creating new app virtual host file...
    "#]]
    .assert_eq(&world.run("apps:create shop"));
    assert_eq!(world.proxy.asked(), ["note shop"]);
    assert!(world.run("nginx:show-config shop").contains("return 502;"));
}

#[test]
fn an_app_that_is_cloned_or_renamed_without_a_build_is_answered_for_under_its_new_name() {
    let world = world();
    for line in ["apps:clone --skip-deploy shop copy", "apps:rename --skip-deploy copy store"] {
        world.run(line);
        let name = line.rsplit(' ').next().expect("a name");
        let config = world.run(&format!("nginx:show-config {name}"));
        assert!(config.contains(&format!("server_name {name}.example.com;")), "{config}");
        assert!(config.contains("return 502;"), "{config}");
        assert_eq!(world.proxy.asked().last(), Some(&format!("note {name}")));
    }
    world.run("proxy:disable shop");
    world.run("apps:clone --skip-deploy shop silent");
    assert!(!world.run("nginx:show-config silent").contains("server_name"));
}

#[test]
fn the_configuration_routes_to_all_web_containers() {
    let world = world();
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
    "#]]
    .assert_eq(&world.run("proxy:build-config shop"));
    assert_eq!(world.proxy.asked(), ["apply shop"]);
    expect![[r##"
        # Made by Dokku: changes are lost with the next deploy. Put yours into nginx.conf.d/.
        server {
          listen      [::]:80;
          listen      80;
          server_name shop.example.com;
          access_log  /var/log/nginx/shop-access.log;
          error_log   /var/log/nginx/shop-error.log;
          underscores_in_headers off;

          client_body_timeout 60s;
          client_header_timeout 60s;
          keepalive_timeout 75s;
          lingering_timeout 5s;
          send_timeout 60s;

          set $connection_to_app "close";
          if ($http_upgrade) {
            set $connection_to_app $http_connection;
          }

          location    / {
            gzip on;
            gzip_min_length  1100;
            gzip_buffers  4 32k;
            gzip_types    text/css text/javascript text/xml text/plain text/x-component application/javascript application/x-javascript application/wasm application/json application/graphql-response+json application/xml application/rss+xml font/truetype application/x-font-ttf font/opentype application/vnd.ms-fontobject image/svg+xml;
            gzip_vary on;
            gzip_comp_level  6;

            proxy_pass  http://shop-5000;
            proxy_http_version 1.1;
            proxy_connect_timeout 60s;
            proxy_read_timeout 60s;
            proxy_send_timeout 60s;
            proxy_buffer_size 4k;
            proxy_buffering on;
            proxy_buffers 8 4k;
            proxy_busy_buffers_size 8k;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_to_app;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Port $server_port;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Request-Start $msec;
          }

          client_max_body_size 1m;

          error_page 400 401 402 403 405 406 407 408 409 410 411 412 413 414 415 416 417 418 420 422 423 424 426 428 429 431 444 449 450 451 /400-error.html;
          error_page 404 /404-error.html;
          error_page 500 501 502 503 504 505 506 507 508 509 510 511 /500-error.html;
          location /400-error.html {
            root $WORLD/lib/data/nginx-vhosts/dokku-errors;
            client_max_body_size 0;
            internal;
          }
          location /404-error.html {
            root $WORLD/lib/data/nginx-vhosts/dokku-errors;
            client_max_body_size 0;
            internal;
          }
          location /500-error.html {
            root $WORLD/lib/data/nginx-vhosts/dokku-errors;
            client_max_body_size 0;
            internal;
          }

          include $WORLD/home/shop/nginx.conf.d/*.conf;
        }

        upstream shop-5000 {
          server 172.17.0.2:5000;
          server 172.17.0.3:5000;
        }
    "##]].assert_eq(&world.run("nginx:show-config shop"));
}

#[test]
fn with_a_certificate_plain_requests_are_sent_to_https() {
    let world = world();
    publish(&world, &[(80, 8080), (443, 8443)]);
    let tls = world.layout.root.join("shop/tls");
    std::fs::create_dir_all(&tls).expect("a folder");
    std::fs::write(tls.join("server.crt"), "x").expect("writable");
    std::fs::write(tls.join("server.key"), "x").expect("writable");
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating https nginx.conf
               Enabling HSTS (using built-in template)
               Reloading nginx
    "#]]
    .assert_eq(&world.run("proxy:build-config shop"));
    let config = world.run("nginx:show-config shop");
    let lines = |word: &str| {
        config.lines().filter(|line| line.contains(word)).map(str::trim).collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
          listen      [::]:80;
          listen      80;
          listen      [::]:443 ssl;
          listen      443 ssl;"#]]
    .assert_eq(&lines("listen "));
    expect!["return 301 https://$host:8443$request_uri;"].assert_eq(&lines("return "));
    expect![[r#"
          ssl_certificate           $WORLD/home/shop/tls/server.crt;
          ssl_certificate_key       $WORLD/home/shop/tls/server.key;"#]]
    .assert_eq(&lines("ssl_certificate"));
    expect![[r#"
          error_page 400 401 402 403 405 406 407 408 409 410 411 412 413 414 415 416 417 418 420 422 423 424 426 428 429 431 444 449 450 451 /400-error.html;
          error_page 404 /404-error.html;
          error_page 500 501 503 504 505 506 507 508 509 510 511 /500-error.html;
          error_page 502 /502-error.html;"#]].assert_eq(&lines("error_page "));
    let hsts = world.layout.root.join("shop/nginx.conf.d/hsts.conf");
    expect![[r#"
        add_header Strict-Transport-Security "max-age=15724800; includeSubdomains" always;
    "#]]
    .assert_eq(&std::fs::read_to_string(hsts).expect("readable"));
}

#[test]
fn an_unpublished_port_answers_on_the_proxy_port_too() {
    let world = world();
    publish(&world, &[(80, 8080)]);
    expect![[r#"
        -----> No published port leads to shop: it also answers on port 80 (container port 3000)
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
    "#]]
    .assert_eq(&world.run("ports:set shop http:3000:3000"));
    let config = world.run("nginx:show-config shop");
    assert!(config.contains("listen      80;") && config.contains("listen      3000;"), "{config}");
    expect![[r#"
        http:3000:3000
    "#]]
    .assert_eq(&world.run("ports:report shop --ports-map"));
    expect![[r#"
        -----> Not published by the appliance's container, so not reachable from outside: port 3000
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
    "#]]
    .assert_eq(&world.run("ports:set shop http:80:3000 http:3000:3000"));
}

#[test]
fn what_nginx_refuses_changes_nothing() {
    let world = world();
    world.run("proxy:build-config shop");
    let before = world.run("nginx:show-config shop");
    world.run("nginx:set shop client-max-body-size lots");
    world.proxy.refuse("[emerg] \"client_max_body_size\" directive invalid value");
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     nginx refuses the configuration of shop: [emerg] "client_max_body_size" directive invalid value
        exit 1
    "#]].assert_eq(&world.run("proxy:build-config shop"));
    assert_eq!(world.run("nginx:show-config shop"), before);
}

#[test]
fn settings_show_in_the_configuration() {
    let world = world();
    for setting in [
        "access-log-path off",
        "error-log-path off",
        "proxy-buffer-size 2k",
        "proxy-keepalive 16",
        "x-forwarded-ssl on",
        "bind-address-ipv4 127.0.0.1",
        "bind-address-ipv6 ::1",
    ] {
        world.run(&format!("nginx:set shop {setting}"));
    }
    world.run("proxy:build-config shop");
    let config = world.run("nginx:show-config shop");
    for line in [
        "access_log  off;",
        "error_log   off;",
        "proxy_buffer_size 2k;",
        "keepalive 16;",
        "set $connection_to_app \"\";",
        "proxy_set_header X-Forwarded-Ssl on;",
        "listen      [::1]:80;",
        "listen      127.0.0.1:80;",
    ] {
        assert!(config.contains(line), "{line} is not in\n{config}");
    }
}

#[test]
fn settings_are_reported_three_times() {
    let world = world();
    world.run("nginx:set --global client-max-body-size 5m");
    expect![[r#"
        5m
    "#]]
    .assert_eq(&world.run("nginx:report shop --nginx-computed-client-max-body-size"));
    expect![[r#"
        5m
    "#]]
    .assert_eq(&world.run("nginx:report shop --nginx-global-client-max-body-size"));
    expect![[r#"
        /var/log/nginx/shop-access.log
    "#]]
    .assert_eq(&world.run("nginx:report shop --nginx-computed-access-log-path"));
    expect![[r#"
        2> !     Invalid value for proxy-keepalive: must be an integer
        exit 1
    "#]]
    .assert_eq(&world.run("nginx:set shop proxy-keepalive many"));
    expect![[r#"
        2> !     Invalid value: 1s; root /
        2> !     it may hold no semicolon, no line break, and braces only in ${variable}
        exit 1
    "#]]
    .assert_eq(&world.run_words(&["nginx:set", "shop", "send-timeout", "1s; root /"]));
    expect![[r#"
        2> !     Invalid key specified, valid keys include: access-log-format, access-log-path, bind-address-ipv4, bind-address-ipv6, client-body-timeout, client-header-timeout, client-max-body-size, disable-custom-config, error-log-path, hsts, hsts-include-subdomains, hsts-max-age, hsts-preload, keepalive-timeout, lingering-timeout, nginx-conf-sigil-path, nginx-service-command, proxy-buffer-size, proxy-buffering, proxy-buffers, proxy-busy-buffers-size, proxy-connect-timeout, proxy-keepalive, proxy-read-timeout, proxy-send-timeout, send-timeout, underscore-in-headers, x-forwarded-for-value, x-forwarded-port-value, x-forwarded-proto-value, x-forwarded-ssl
        exit 1
    "#]].assert_eq(&world.run("nginx:set shop nonsense x"));
}

#[test]
fn an_app_that_is_not_there_has_no_settings() {
    let world = world();
    assert_eq!(world.run("nginx:set nope hsts false"), "2> !     App nope does not exist\nexit 20\n");
    assert!(!world.layout.config().join("nginx/nope").exists());
}

fn bring_template(world: &World, text: &str) {
    let folder = world.layout.data("nginx-vhosts").join("app-shop");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("nginx.conf.sigil"), text).expect("writable");
}

#[test]
fn the_apps_own_template_serves_until_it_is_turned_off() {
    let world = world();
    world.run("config:set --no-restart shop GREETING=hi");
    bring_template(
        &world,
        "# {{ var \"GREETING\" }} {{ $.NOSSL_SERVER_NAME }} {{ .PROXY_PORT_MAP }} {{ .SSL_INUSE }}\n\n\n\
        {{ range $port := .PROXY_UPSTREAM_PORTS | split \" \" }}upstream {{ $.APP }}-{{ $port }} {\n\
        {{ range $.DOKKU_APP_WEB_LISTENERS | split \" \" }}  server {{ . }};\n{{ end }}}\n{{ end }}",
    );
    expect![[r#"
        -----> Overriding default nginx.conf with detected nginx.conf.sigil
        -----> Configuring shop.example.com...(using app-supplied template)
        -----> Creating http nginx.conf
               Reloading nginx
    "#]]
    .assert_eq(&world.run("proxy:build-config shop"));
    assert_eq!(world.proxy.asked(), ["apply shop"]);
    expect![[r#"
        # hi shop.example.com http:80:5000 

        upstream shop-5000 {
          server 172.17.0.2:5000;
          server 172.17.0.3:5000;
        }
    "#]]
    .assert_eq(&world.run("nginx:show-config shop"));
    world.run("nginx:set shop disable-custom-config true");
    assert!(world.run("proxy:build-config shop").contains("(using built-in template)"));
    assert!(world.run("nginx:show-config shop").contains("server_name shop.example.com"));
}

#[test]
fn a_mistake_in_the_apps_own_template_leaves_what_serves() {
    let world = world();
    world.run("proxy:build-config shop");
    let before = world.run("nginx:show-config shop");
    for (template, said) in [
        ("server {\n {{ nonsense }}", "nginx.conf.sigil:2: function \"nonsense\" not defined"),
        ("a\n {{ index .APP 9 }}", "nginx.conf.sigil:2:4: executing \"nginx.conf.sigil\" at <index .APP 9>"),
        ("{{ file \"/etc/passwd\" }}", "Not found in path: /etc/passwd"),
        ("{{ sh \"id\" }}", "this template may not run programs"),
    ] {
        bring_template(&world, template);
        let told = world.run("proxy:build-config shop");
        assert!(told.contains(said) && told.contains("disable-custom-config true"), "{told}");
        assert_eq!(world.run("nginx:show-config shop"), before);
    }
    bring_template(&world, "nginx does not like this {{ .APP }}");
    world.proxy.refuse("unknown directive");
    assert!(world.run("proxy:build-config shop").contains("nginx refuses the configuration of shop"));
    assert_eq!(world.run("nginx:show-config shop"), before);
}

#[test]
fn without_domains_an_app_moves_to_a_port_of_its_own_and_back() {
    let world = world();
    world.run("ports:set shop http:80:3000");
    let said = world.run("domains:disable shop");
    assert!(said.contains("-----> Random port "), "{said}");
    let port = world.run("proxy:report shop --proxy-proxy-port").trim().to_owned();
    assert_eq!(world.run("ports:report shop --ports-map"), "\n");
    assert_eq!(world.run("ports:report shop --ports-map-detected").trim(), format!("http:{port}:3000"));
    assert_eq!(world.run("urls shop").trim(), format!("http://example.com:{port}"));
    let config = world.run("nginx:show-config shop");
    assert!(!config.contains("server_name") && config.contains(&format!("listen      {port};")), "{config}");
    world.run("domains:enable shop");
    assert_eq!(world.run("ports:report shop --ports-map-detected").trim(), "http:80:3000");
    assert_eq!(world.run("urls shop").trim(), "http://shop.example.com");
}

#[test]
fn with_the_proxy_off_nothing_is_routed() {
    let world = world();
    world.run("proxy:build-config shop");
    world.proxy.asked();
    expect![[r#"
        -----> Disabling proxy for app
        -----> App virtual host support disabled
        -----> Nginx support is disabled for app (shop)
        -----> Deleting nginx.conf
        -----> Reloading nginx after nginx.conf deletion
        2> !     App shop has not been deployed
    "#]]
    .assert_eq(&world.run("proxy:disable shop"));
    expect![[r#"
        2> !     No nginx.conf exists for shop
        2> !     it is made by the first deploy, or by proxy:build-config
        exit 1
    "#]]
    .assert_eq(&world.run("nginx:show-config shop"));
    assert_eq!(world.proxy.asked(), ["apply shop"]);
    expect![[r#"
        http://example.com:5000
    "#]]
    .assert_eq(&world.run("urls shop"));
}

#[test]
fn a_broken_configuration_is_shown_and_removed_on_demand() {
    let world = world();
    std::fs::write(world.layout.root.join("shop/nginx.conf"), "nonsense\n").expect("writable");
    world.proxy.refuse("unexpected end of file");
    expect![[r#"
        nonsense
        2> !     Failed to validate nginx config for shop. Contents below...
        2>unexpected end of file
        exit 1
    "#]]
    .assert_eq(&world.run("nginx:validate-config"));
}

#[test]
fn a_mistake_in_a_template_is_found_before_something_breaks() {
    let world = world();
    bring_template(&world, "# {{ if eq (var \"MODE\") \"\" }}fine{{ else }}{{ index .APP 99 }}{{ end }}\n");
    world.run("proxy:build-config shop");
    assert_eq!(world.run("nginx:validate-config"), "");
    world.run("config:set --no-restart shop MODE=new");
    let said = world.run("nginx:validate-config shop");
    assert!(
        said.contains("Failed to validate the nginx.conf.sigil of shop: Custom nginx.conf.sigil"),
        "{said}"
    );
    assert!(said.contains("nginx.conf.sigil:1:") && said.ends_with("exit 1\n"), "{said}");
    world.run("nginx:set shop disable-custom-config true");
    assert_eq!(world.run("nginx:validate-config"), "");
}

#[test]
fn a_template_that_does_not_end_is_stopped() {
    let world = world();
    world.run("proxy:build-config shop");
    let before = world.run("nginx:show-config shop");
    for template in [
        "{{ range $i := seq 100000 }}server_name {{ $i }}.example.com;\n{{ end }}",
        "{{ define \"x\" }}x{{ template \"x\" }}{{ end }}{{ template \"x\" }}",
        "{{ range seq 10000 }}{{ range seq 10000 }}x{{ end }}{{ end }}",
    ] {
        bring_template(&world, template);
        let said = world.run("proxy:build-config shop");
        assert!(said.contains("Custom nginx.conf.sigil failed to render via sigil: "), "{said}");
        assert_eq!(world.run("nginx:show-config shop"), before);
    }
}

#[test]
fn an_old_way_to_http2_is_said() {
    let world = world();
    bring_template(&world, "server {\n  listen {{ .PROXY_PORT }} http2;\n}\n");
    let said = world.run("proxy:build-config shop");
    assert!(said.contains("Deprecated: Usage of 'listen ... http2' within nginx.conf.sigil"), "{said}");
}
