//! What plugins hear of a deploy, and what they may decide.

use dokku::deploy;
use dokku::platform;

use super::Shop;

/// The triggers around a deploy from the build on, in their order; `APP` and the like stand for what changes.
const HEARD: [&str; 20] = [
    "builder-build dockerfile shop DIR",
    "pre-build-dockerfile shop",
    "pre-build dockerfile shop DIR",
    "post-build-dockerfile shop",
    "post-build dockerfile shop DIR",
    "builder-release dockerfile shop latest",
    "pre-release-dockerfile shop latest",
    "pre-release-builder dockerfile shop dokku/shop:latest",
    "post-release-builder dockerfile shop dokku/shop:latest",
    "pre-deploy shop latest",
    "scheduler-deploy docker-local shop latest",
    "post-container-create app CID shop deploy web",
    "check-deploy shop CID web 5000 IP 1",
    "post-container-create app CID shop deploy web",
    "check-deploy shop CID web 5000 IP 2",
    "network-write-ipaddr shop web 1 IP",
    "network-write-ipaddr shop web 2 IP",
    "scheduler-post-deploy-process shop web",
    "core-post-deploy shop 5000 IP latest",
    "post-deploy shop 5000 IP latest",
];

/// A plugin that writes down what it hears.
fn listen(shop: &Shop) -> std::path::PathBuf {
    let log = shop.world.layout.root.join(".heard");
    for line in HEARD {
        let trigger = line.split(' ').next().unwrap();
        let script = format!("echo {trigger} \"$@\" >> '{}'", log.display());
        shop.world.add_plugin("00_listener", trigger, &script);
    }
    log
}

/// Ids, addresses and folders are no part of an order.
fn hidden(line: &str) -> String {
    let word = |word: &str| {
        if word.len() == 64 {
            "CID".to_owned()
        } else if word.starts_with("172.") {
            "IP".to_owned()
        } else if word.ends_with(".receive") {
            "DIR".to_owned()
        } else {
            word.to_owned()
        }
    };
    line.trim_end().split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn plugins_hear_of_a_deploy_in_dokkus_order() {
    let shop = Shop::new();
    shop.world.run("ps:scale --skip-deploy shop web=2");
    let log = listen(&shop);
    let (outcome, told) = platform::runtime().unwrap().block_on(shop.told("one"));
    outcome.unwrap_or_else(|failure| panic!("{failure:?}\n{told}"));
    let heard = std::fs::read_to_string(log).expect("it heard something");
    let heard: Vec<String> = heard.lines().map(hidden).collect();
    assert_eq!(heard.join("\n"), HEARD.join("\n"));
    for name in ["pre-build-dockerfile", "post-build-dockerfile", "pre-release-dockerfile", "pre-deploy"] {
        assert!(told.contains(&format!("plugin trigger instead of {name}")), "{told}");
    }
}

#[test]
fn a_plugin_may_refuse_a_container() {
    let shop = Shop::new();
    platform::runtime().unwrap().block_on(async {
        shop.told("one").await.0.expect("deployed");
    });
    let before = shop.seen();
    shop.world.add_plugin("00_guard", "check-deploy", "echo \"not $3.$6\"; exit 4");
    let (outcome, told) = platform::runtime().unwrap().block_on(shop.told("two"));
    let failure = outcome.expect_err("it was refused");
    assert_eq!(deploy::reason(&failure), "web.1 of shop did not pass its checks");
    assert!(told.contains("not web.1"), "{told}");
    assert_eq!(before, shop.seen());
}

#[test]
fn a_plugin_that_fails_after_the_switch_fails_the_deploy_but_the_new_release_serves() {
    let shop = Shop::new();
    shop.world.add_plugin("00_teller", "post-deploy", "exit 1");
    platform::runtime().unwrap().block_on(shop.told("one")).0.expect_err("it failed");
    let seen = shop.seen();
    assert!(seen.contains("container shop.web.1 ") && seen.contains("GIT_REV=one"), "{seen}");
}

#[test]
fn what_a_plugin_makes_of_the_code_is_what_is_built() {
    let shop = Shop::new();
    let rewrite = "mv Dockerfile Dockerfile.old; printf 'FROM scratch\\nEXPOSE 7000\\n' >Dockerfile";
    shop.world.add_plugin("00_rewrite", "post-extract", rewrite);
    // A file that a build step of the app's own makes, relative to the folder it is started in.
    shop.world.add_plugin("00_rewrite", "pre-build", "test \"$(pwd)\" = \"$3\" && echo made >made");
    shop.world.add_plugin("00_rewrite", "pre-deploy", "ls");
    let (outcome, told) = platform::runtime().unwrap().block_on(shop.told("one"));
    outcome.unwrap_or_else(|failure| panic!("{failure:?}\n{told}"));
    assert!(told.contains("Dockerfile\nDockerfile.old\nProcfile\nmade\n"), "{told}");
    assert_eq!(shop.world.run("plugin:trigger ports-get shop"), "http:7000:7000\n");
}
