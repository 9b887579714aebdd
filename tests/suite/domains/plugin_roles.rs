//! Builders, proxies and schedulers of plugins: chosen by name, or because they offer themselves, or in the place of the
//! core's own.

use std::sync::Arc;

use dokku::kernel::{Buffers, Stream};
use dokku::platform::docker::Image;
use dokku::platform::{self, steps::Unwatched};
use expect_test::expect;

use crate::deploy::Shop;
use crate::support::fake_docker::PlannedBuild;
use crate::support::{World, deployed};

/// Deploys the files, and tells what came of it.
fn deploy(shop: &Shop, files: &[(&str, &str)], is_built: bool) -> String {
    let mut image = Image::default();
    image.config.cmd = vec!["toy".to_owned()];
    if is_built {
        shop.world.docker.plan_build(PlannedBuild { image, ..PlannedBuild::default() });
    }
    let buffers = Arc::new(Buffers::default());
    let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(buffers.clone());
    let outcome = platform::runtime()
        .expect("a runtime")
        .block_on(async { shop.receive_files(&ctx, "one", files).await.map(drop) });
    match outcome {
        Ok(()) => "deployed".to_owned(),
        Err(_) => buffers.text(Stream::Stdout) + &buffers.text(Stream::Stderr),
    }
}

fn built(shop: &Shop) -> String {
    std::fs::read_to_string(shop.world.layout.root.join(".toy-builder")).unwrap_or_default()
}

#[test]
fn a_builder_of_a_plugin_offers_itself_and_builds() {
    let shop = Shop::new();
    shop.world.add_fixture("toy-builder");
    let mut image = Image::default();
    image.config.cmd = vec!["toy".to_owned()];
    shop.world.docker.have_image("dokku/shop:latest", image);
    assert_eq!(deploy(&shop, &[("toy.txt", "bear")], false), "deployed");
    assert_eq!(built(&shop), "built shop\n");
    // The core's own goes first where both offer themselves, for its name does.
    let told = deploy(&shop, &[("toy.txt", "bear"), ("Dockerfile", "FROM scratch\n")], true);
    assert_eq!((told.as_str(), built(&shop).as_str()), ("deployed", "built shop\n"));
    // Unless it is disabled, or the other one was chosen.
    shop.world.run("plugin:disable builder-dockerfile");
    let told = deploy(&shop, &[("toy.txt", "bear"), ("Dockerfile", "FROM scratch\n")], false);
    assert_eq!((told.as_str(), built(&shop).as_str()), ("deployed", "built shop\nbuilt shop\n"));
    shop.world.run("plugin:enable builder-dockerfile");
    shop.world.run("builder:set shop selected toy-builder");
    let told = deploy(&shop, &[("toy.txt", "bear"), ("Dockerfile", "FROM scratch\n")], false);
    assert_eq!((told.as_str(), built(&shop).lines().count()), ("deployed", 3));
    expect![[r#"
        toy-builder  manifest  ok  version 1.0.0
        toy-builder  roles     ok  builder (offers itself)
    "#]]
    .assert_eq(&shop.world.run("plugin:check toy-builder"));
}

#[test]
fn a_builder_that_fails_or_is_not_there_ends_the_deploy() {
    let shop = Shop::new();
    shop.world.run("builder:set shop selected toy-builder");
    let told = deploy(&shop, &[("toy.txt", "bear")], false);
    assert!(
        told.contains("Nobody builds with the builder toy-builder\n")
            && told.contains("builder:set APP selected"),
        "{told}"
    );
    shop.world.add_fixture("toy-builder");
    let told = deploy(&shop, &[("toy.txt", "broken")], false);
    assert!(told.contains("App build failed"), "{told}");
    assert_eq!(built(&shop), "");
}

fn route(world: &World) -> Option<String> {
    std::fs::read_to_string(world.layout.root.join("shop/toy-route")).ok()
}

#[test]
fn a_proxy_of_a_plugin_is_chosen_by_name() {
    let world = World::with_plugn();
    world.run("domains:set-global example.com");
    deployed(&world, "shop", &["web.1"]);
    // What a deploy leaves; nginx writes down again where the container is.
    let root = &world.layout.root;
    std::fs::write(root.join("shop/IP.web.1"), "172.17.0.9").expect("written");
    std::fs::write(root.join("shop/PORT.web.1"), "5000").expect("written");
    world.add_fixture("toy-proxy");
    world.run("proxy:build-config shop");
    assert_eq!(route(&world), None, "nginx routes");
    world.proxy.asked();
    world.run("proxy:set shop type toy-proxy");
    let told = world.run("proxy:build-config shop");
    assert!(told.contains("-----> Routing shop with toys\n"), "{told}");
    assert_eq!(route(&world).expect("routed"), "shop: 172.17.0.5:5000\n");
    assert_eq!(world.proxy.asked(), Vec::<String>::new(), "nginx is left alone");
    expect![[r#"
        toy-proxy  manifest  ok  version 1.0.0
        toy-proxy  roles     ok  proxy (offers itself)
    "#]]
    .assert_eq(&world.run("plugin:check toy-proxy"));
}

#[test]
fn a_proxy_that_offers_itself_is_taken_where_none_was_chosen() {
    let world = World::with_plugn();
    world.run("domains:set-global example.com");
    deployed(&world, "shop", &["web.1"]);
    world.add_fixture("toy-proxy");
    let asked = || world.run("plugin:trigger proxy-type shop");
    expect!["nginx\n"].assert_eq(&asked());
    std::fs::write(world.layout.root.join("shop/toy"), "").expect("written");
    expect!["toy-proxy\n"].assert_eq(&asked());
    world.run("proxy:build-config shop");
    assert!(route(&world).is_some());
    world.run("proxy:set shop type nginx");
    expect!["nginx\n"].assert_eq(&asked());
    // One that fails while it is asked is not passed over: who routes would be anybody's guess.
    world.run("proxy:set shop type");
    world.add_plugin("broken", "proxy-offer", "exit 4");
    assert!(asked().ends_with("exit 4\n"));
}

#[test]
fn a_scheduler_that_offers_itself_is_taken_where_none_was_chosen() {
    let world = World::new();
    world.run("apps:create shop");
    let asked = || world.run("plugin:trigger scheduler-detect shop");
    expect!["docker-local\n"].assert_eq(&asked());
    world.add_plugin("toys", "scheduler-offer", "[ \"$1\" != shop ] || echo toys");
    expect!["toys\n"].assert_eq(&asked());
    expect!["docker-local\n"].assert_eq(&world.run("plugin:trigger scheduler-detect --global"));
    world.run("scheduler:set shop selected docker-local");
    expect!["docker-local\n"].assert_eq(&asked());
}

#[test]
fn a_core_domain_with_a_role_can_be_disabled_and_no_other() {
    let world = World::with_plugn();
    world.run("domains:set-global example.com");
    deployed(&world, "shop", &["web.1"]);
    world.add_fixture("toy-proxy");
    expect![[r#"
        -----> Plugin nginx-vhosts disabled
        -----> Priming bash-completion cache
    "#]]
    .assert_eq(&world.run("plugin:disable nginx-vhosts"));
    world.proxy.asked();
    expect![""].assert_eq(&world.run("proxy:build-config shop"));
    assert_eq!(world.proxy.asked(), Vec::<String>::new(), "nobody asked nginx");
    expect![[r#"
        2> !     nginx:report is a command of nginx-vhosts, which is disabled
        2> !     Enable it: dokku plugin:enable nginx-vhosts
        exit 1
    "#]]
    .assert_eq(&world.run("nginx:report shop"));
    assert!(world.run("plugin:list").contains("  nginx-vhosts         0.38.27 disabled"));
    assert!(!world.run("help").contains("    nginx "));
    expect!["2> !     Plugin already disabled\nexit 1\n"]
        .assert_eq(&world.run("plugin:disable nginx-vhosts"));
    world.run("plugin:enable nginx-vhosts");
    assert!(world.run("proxy:build-config shop").contains("nginx.conf"));
    for name in ["apps", "proxy", "builder", "git"] {
        expect!["2> !     Cannot disable a core plugin\nexit 1\n"]
            .assert_eq(&world.run(&format!("plugin:disable {name}")));
    }
}
