//! Docker options as plugins store them, and builds and containers have them.

use dokku::platform;

use crate::deploy::Shop;

fn store(shop: &Shop, function: &str, option: &str, phases: &[&str]) -> String {
    let mut words = vec!["plugin-call", function, "shop", option];
    words.extend(phases);
    shop.world.run_words(&words)
}

const LINK: &str = "--link dokku.redis.cache:dokku-redis-cache";

#[test]
fn what_a_plugin_stores_is_what_the_next_deploy_has() {
    let shop = Shop::new();
    assert_eq!(store(&shop, "add_passed_docker_option", LINK, &["build", "deploy", "run"]), "");
    store(&shop, "add_passed_docker_option", "--build-arg LEVEL=7", &["build"]);
    store(&shop, "add_passed_docker_option", "--label=team=red", &["deploy"]);
    shop.world.docker.take_calls();
    platform::runtime().unwrap().block_on(shop.told("one")).0.expect("deployed");
    let calls = shop.world.docker.take_calls();
    let of = |word: &str| calls.lines().find(|line| line.contains(word)).unwrap_or_default().to_owned();
    let (build, create) = (of("docker build"), of("docker create"));
    assert!(build.contains("--build-arg=LEVEL") && !build.contains("link"), "{calls}");
    assert!(create.contains("dokku.redis.cache:dokku-redis-cache") && create.contains("team=red"), "{calls}");

    shop.world.run("run:detached shop true");
    let calls = shop.world.docker.take_calls();
    assert!(calls.contains("dokku.redis.cache:dokku-redis-cache") && !calls.contains("team=red"), "{calls}");

    store(&shop, "remove_passed_docker_option", LINK, &["build", "deploy", "run"]);
    platform::runtime().unwrap().block_on(shop.told("two")).0.expect("deployed");
    let calls = shop.world.docker.take_calls();
    assert!(!calls.contains("dokku.redis.cache") && calls.contains("team=red"), "{calls}");
}

#[test]
fn options_go_with_the_app() {
    let shop = Shop::new();
    store(&shop, "add_passed_docker_option", LINK, &["deploy"]);
    let of = |app: &str| shop.world.run(&format!("plugin:trigger docker-args-deploy {app} latest web 1"));
    assert_eq!(of("shop"), format!(" {LINK}"));
    shop.world.run("apps:clone --skip-deploy shop twin");
    assert_eq!(of("twin"), format!(" {LINK}"));
    shop.world.run("apps:rename --skip-deploy shop store");
    assert_eq!(of("store"), format!(" {LINK}"));
    shop.world.run("--force apps:destroy store");
    shop.world.run("apps:create store");
    assert_eq!(of("store"), "");
}
