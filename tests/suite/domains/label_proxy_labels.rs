//! What proxies in containers of their own are told by the labels of apps' containers.

use expect_test::expect;

use crate::support::{World, deployed};

#[test]
fn an_apps_web_containers_bear_labels_for_its_proxy() {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    let options = |process: &str| {
        world.run(&format!("plugin:trigger docker-args-process-deploy shop dockerfile latest {process} 1"))
    };
    assert!(!options("web").contains("caddy"), "nginx is its proxy");
    world.run("proxy:set shop type caddy");
    expect![" --label=caddy=shop.example.com:80 '--label=caddy.reverse_proxy={{ upstreams 5000 }}' --log-opt=max-size=10m --restart=on-failure:10"].assert_eq(&options("web"));
    assert!(!options("worker").contains("caddy"));
    world.run("caddy:labels:add shop caddy.header_up x");
    world.run("caddy:set --global letsencrypt-email me@example.com");
    world.run("network:create inner");
    world.run("network:set shop initial-network inner");
    expect![" --label=caddy=shop.example.com '--label=caddy.reverse_proxy={{ upstreams 5000 }}' --label=caddy_ingress_network=inner --label=caddy.header_up=x --log-opt=max-size=10m --network=inner --restart=on-failure:10"].assert_eq(&options("web"));
    world.run("caddy:set shop tls-internal true");
    assert!(options("web").contains("--label=caddy.tls=internal"));
    world.run("proxy:set shop type traefik");
    assert!(
        options("web").contains("'--label=traefik.http.routers.shop-web-http.rule=Host(`shop.example.com`)'")
    );
    world.run("proxy:set shop type openresty");
    assert!(options("web").contains("'--label=openresty.x-forwarded-for-value=$remote_addr'"));
    world.run("proxy:set shop type haproxy");
    assert!(options("web").contains("--label=haproxy.shop-web.host=shop.example.com"));
    world.run("proxy:disable shop");
    assert!(!options("web").contains("haproxy"));
}

#[test]
fn labels_of_the_user_are_added_shown_and_removed() {
    let world = World::new();
    world.run("apps:create shop");
    expect![[r#"
        2> !     No caddy labels set for shop
    "#]]
    .assert_eq(&world.run("caddy:labels:show shop"));
    assert_eq!(world.run("caddy:labels:add shop b.c value"), "");
    world.run_words(&["caddy:labels:add", "shop", "a", "it's 1"]);
    expect![[r#"
        =====> shop caddy labels
               a=it's 1
               b.c=value
    "#]]
    .assert_eq(&world.run("caddy:labels:show shop"));
    assert_eq!(world.run("caddy:labels:show shop b.c"), "value\n");
    assert_eq!(world.run("caddy:labels:show shop none"), "");
    assert_eq!(world.run("caddy:labels:remove shop b.c"), "");
    assert_eq!(world.run("caddy:labels:show shop b.c"), "");
    expect![[r#"
        2> !     Please specify a container label for the app
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:labels:add shop"));
    expect![[r#"
        2> !     Please specify a value for the container label
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:labels:add shop a"));
    expect![[r#"
        2> !     App nowhere does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("caddy:labels:add nowhere a b"));
    expect![[r#"
        2> !     a=b cannot be the name of a label
        2> !     Name and value are two words: caddy.tls internal
        exit 1
    "#]]
    .assert_eq(&world.run("caddy:labels:add shop a=b c"));
    world.run("apps:clone --skip-deploy shop copy");
    assert_eq!(world.run("caddy:labels:show copy a"), "it's 1\n");
}

#[test]
fn files_of_the_source_are_told_to_openresty() {
    let world = World::new();
    world.run("apps:create shop");
    world.run("proxy:set shop type openresty");
    let code = tempfile::tempdir().expect("a folder");
    let includes = code.path().join("openresty/http-includes");
    std::fs::create_dir_all(&includes).expect("a folder");
    std::fs::write(includes.join("gzip.conf"), "gzip on;").expect("writable");
    std::fs::write(includes.join("README"), "none").expect("writable");
    let extract = || world.run(&format!("plugin:trigger core-post-extract shop {} 0", code.path().display()));
    let options = || world.run("plugin:trigger docker-args-process-deploy shop dockerfile latest web 1");
    assert_eq!(extract(), "");
    world.run("plugin:trigger core-post-deploy shop 5000 172.17.0.2 latest");
    let told = options();
    assert!(told.contains("--label=openresty.include-http-gzip.conf=Z3ppcCBvbjs="), "{told}");
    assert!(!told.contains("README"), "{told}");
    std::fs::write(includes.join("a b.conf"), "").expect("writable");
    assert!(extract().contains("Aborting deploy: include file has unsafe filename: a b.conf"));
    std::fs::remove_dir_all(code.path().join("openresty")).expect("removed");
    assert_eq!(extract(), "");
    world.run("plugin:trigger core-post-deploy shop 5000 172.17.0.2 latest");
    assert!(!options().contains("include-http"));
}

#[test]
fn it_is_said_when_a_proxy_learns_of_a_change() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    world.run("proxy:set shop type caddy");
    for line in ["domains:add shop www.example.com", "ports:add shop http:8080:5000"] {
        let said = world.run(line);
        assert!(
            said.contains("caddy learns of it by the next deploy, or by: ps:rebuild shop"),
            "{line}: {said}"
        );
        assert!(!said.contains("nginx"), "{said}");
    }
}
