//! Releases that are sent to a registry.

use std::sync::Arc;

use dokku::deploy;
use dokku::model::Fault;
use dokku::platform;
use dokku::platform::docker::DockerError;
use dokku::platform::steps::Unwatched;

use super::Shop;

fn about_images(calls: &str) -> Vec<&str> {
    let of_images = ["docker tag", "docker push", "docker rmi registry", "docker rmi team"];
    calls.lines().filter(|call| of_images.iter().any(|what| call.starts_with(what))).collect()
}

fn shop() -> Shop {
    let shop = Shop::new();
    for line in [
        "server registry.example:5000/",
        "image-repo team/shop",
        "push-on-release true",
        "push-extra-tags edge",
    ] {
        shop.world.run(&format!("registry:set shop {line}"));
    }
    shop.world.docker.take_calls();
    shop
}

#[test]
fn each_release_is_pushed_under_a_growing_number() {
    let shop = shop();
    platform::runtime().unwrap().block_on(async {
        for text in ["one", "two"] {
            shop.deploy(text, Arc::new(Unwatched)).await.expect("deployed");
        }
    });
    let calls = shop.world.docker.take_calls();
    let names: Vec<String> = about_images(&calls).iter().map(|call| hide_id(call)).collect();
    let of = |number: &str| {
        [
            "docker tag ID team/shop:latest".to_owned(),
            format!("docker tag ID registry.example:5000/team/shop:{number}"),
            format!("docker tag ID team/shop:{number}"),
            "docker tag ID registry.example:5000/team/shop:edge".to_owned(),
            "docker push registry.example:5000/team/shop:edge".to_owned(),
            "docker rmi registry.example:5000/team/shop:edge".to_owned(),
            format!("docker push registry.example:5000/team/shop:{number}"),
            format!("docker tag ID dokku/shop:release-{number}"),
        ]
    };
    assert_eq!(names, [of("1"), of("2")].concat(), "{calls}");
    let report = shop.world.run("registry:report shop --registry-tag-version");
    assert_eq!(report, "2\n");
}

#[test]
fn a_registry_that_takes_nothing_ends_the_deploy() {
    let shop = shop();
    platform::runtime().unwrap().block_on(async {
        shop.world.docker.plan_fault("docker push", DockerError::Other(Fault::new("denied: who are you")));
        let failure = shop.deploy("one", Arc::new(Unwatched)).await.expect_err("refused");
        let said = deploy::reason(&failure);
        assert!(said.contains("unable to push image registry.example:5000/team/shop:edge: denied"), "{said}");
    });
    assert!(!shop.seen().contains("container shop.web.1"), "{}", shop.seen());
}

#[test]
fn a_failed_push_takes_no_number() {
    let shop = shop();
    platform::runtime().unwrap().block_on(async {
        shop.deploy("one", Arc::new(Unwatched)).await.expect("deployed");
        let last = "docker push registry.example:5000/team/shop:2";
        shop.world.docker.plan_fault(last, DockerError::Other(Fault::new("the network is gone")));
        shop.deploy("two", Arc::new(Unwatched)).await.expect_err("not pushed");
    });
    assert_eq!(shop.world.run("registry:report shop --registry-tag-version"), "1\n");
    // What plugins are told is the image of the release that serves.
    assert_eq!(shop.world.run("plugin:trigger deployed-app-image-tag shop"), "1");
    platform::runtime().unwrap().block_on(async {
        shop.deploy("three", Arc::new(Unwatched)).await.expect("deployed");
    });
    assert_eq!(shop.world.run("registry:report shop --registry-tag-version"), "2\n");
}

fn hide_id(call: &str) -> String {
    let mut words: Vec<&str> = call.split(' ').collect();
    if words[1] == "tag" {
        words[2] = "ID";
    }
    words.join(" ")
}
