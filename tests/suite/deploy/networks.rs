//! Networks of a deploy: what its containers join and when, and how the appliance comes to reach them.

use dokku::kernel::{Buffers, Stream};
use dokku::model::{AppName, RunPlan};
use dokku::platform;
use dokku::platform::docker::{AddressPool, Docker};
use dokku::platform::steps::Unwatched;
use dokku::store::own_place::{self, OwnPlace};
use dokku::store::processes;
use std::sync::Arc;

use super::Shop;
use crate::support::World;

/// A shop in a world with these networks.
fn shop(networks: &[&str]) -> Shop {
    let shop = Shop::new();
    for network in networks {
        shop.world.run(&format!("network:create {network}"));
    }
    shop
}

/// The container of the appliance, as boot finds it.
fn appliance(world: &World) {
    let plan = RunPlan { name: Some("dokku".to_owned()), ..RunPlan::of_image("dokku/dokku:latest") };
    world.docker.have_image("dokku/dokku:latest", Default::default());
    let id = platform::runtime().unwrap().block_on(async {
        let id = world.docker.create_container(&plan).await.expect("made");
        world.docker.start_container(&id).await.expect("started");
        id
    });
    let gateway = "172.17.0.1".to_owned();
    let name = "appliance".to_owned();
    let place = OwnPlace { id, name, networks: vec!["bridge".to_owned()], host: gateway.clone(), gateway };
    own_place::write(&world.layout, &place).expect("writable");
}

/// Deploys; the calls that have to do with containers and networks, ids and random numbers left out, or what was said.
fn deploy(shop: &Shop) -> Result<Vec<String>, String> {
    shop.world.docker.take_calls();
    let buffers = Arc::new(Buffers::default());
    let outcome = platform::runtime().unwrap().block_on(async {
        let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(buffers.clone());
        match shop.receive(&ctx, "one").await {
            Ok(_turn) => dokku::deploy::commit(&ctx, &shop.app).await,
            Err(failure) => Err(failure),
        }
    });
    let said = buffers.text(Stream::Stdout) + &buffers.text(Stream::Stderr);
    match outcome {
        Ok(()) => Ok(calls(shop)),
        Err(failure) => Err(format!("{said}\n{failure}\n{}", failure.hints.join("\n"))),
    }
}

/// What the engine was asked to do with networks, and when containers were made and started. The appliance is `dokku`.
fn calls(shop: &Shop) -> Vec<String> {
    let place = own_place::read(&shop.world.layout).unwrap().unwrap_or_default();
    let calls = shop.world.docker.take_calls();
    let told = calls.lines().filter_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["docker", "create", ..] => {
                let of_network = words
                    .iter()
                    .filter(|word| word.starts_with("--network") || word.starts_with("--publish"));
                Some(["create"].into_iter().chain(of_network.copied()).collect::<Vec<_>>().join(" "))
            }
            ["docker", "start", _] => Some("start".to_owned()),
            ["docker", "rename", _, name] => Some(format!("rename {name}")),
            ["docker", "network", .., container] if container == place.id => {
                Some(line.replace(container, "dokku").replace("docker network ", ""))
            }
            ["docker", "network", .., container] => {
                let line = line.replace("docker network ", "").replace(container, "shop.web.1");
                Some(line.replace(&container[..12.min(container.len())], "HOST"))
            }
            _ => None,
        }
    });
    told.collect()
}

fn address(shop: &Shop) -> String {
    let dyno = "web.1".parse().expect("a dyno");
    processes::ip(&shop.world.layout, &shop.app, &dyno).expect("readable").unwrap_or_default()
}

fn networks_of(world: &World, container: &str) -> Vec<String> {
    let found = platform::runtime().unwrap().block_on(world.docker.inspect_container(container));
    found.expect("there").networks().keys().cloned().collect()
}

#[test]
fn each_network_is_joined_at_its_moment_under_the_name_of_the_process() {
    let shop = shop(&["first", "back", "store", "late", "later"]);
    shop.world.run("network:set shop initial-network first");
    shop.world.run("network:set shop attach-post-create back store");
    shop.world.run("network:set shop attach-post-deploy late later");
    shop.world.run("network:set shop tld internal");
    assert_eq!(
        deploy(&shop).unwrap(),
        [
            "create --network=name=first,alias=shop.web.internal",
            "connect --alias shop.web.internal --alias HOST.shop.web.internal back shop.web.1",
            "connect --alias shop.web.internal --alias HOST.shop.web.internal store shop.web.1",
            "start",
            "connect --alias shop.web.internal --alias HOST.shop.web.internal late shop.web.1",
            "connect --alias shop.web.internal --alias HOST.shop.web.internal later shop.web.1",
            "rename shop.web.1",
        ]
    );
    shop.world.run("run:detached shop true");
    let joined = calls(&shop);
    assert_eq!(joined[0], "create --network=first");
    assert!(joined[1].starts_with("connect back ") && joined[2].starts_with("connect store "), "{joined:?}");
    assert_eq!(joined[3..], ["start"]);
}

#[test]
fn a_network_that_is_not_there_ends_the_deploy_and_what_served_serves_on() {
    let shop = shop(&["back"]);
    deploy(&shop).unwrap();
    let before = shop.seen();
    shop.world.run("network:set shop attach-post-create back nowhere");
    let said = deploy(&shop).unwrap_err();
    assert!(
        said.contains("Network nowhere does not exist") && said.contains("network:create nowhere"),
        "{said}"
    );
    assert_eq!(shop.seen(), before);
}

#[test]
fn a_late_network_that_cannot_be_joined_is_told_with_the_container_and_nothing_is_lost() {
    let shop = shop(&[]);
    deploy(&shop).unwrap();
    let before = shop.seen();
    shop.world.run("network:set shop attach-post-deploy nowhere");
    let said = deploy(&shop).unwrap_err();
    for words in [
        "-----> Associating app with network nowhere\n",
        " !     web.1 of shop (",
        ") is not in network nowhere\n",
        "Network nowhere does not exist",
        "What served before serves on",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(shop.seen(), before);
}

#[test]
fn the_appliance_joins_what_does_not_move_its_way_out() {
    let shop = shop(&["zzz"]);
    appliance(&shop.world);
    shop.world.run("network:set shop initial-network zzz");
    assert_eq!(
        deploy(&shop).unwrap(),
        [
            "create --network=name=zzz,alias=shop.web",
            "connect --alias joined-by-dokku zzz dokku",
            "start",
            "rename shop.web.1"
        ]
    );
    assert!(address(&shop).starts_with("172.20."), "in zzz, the fourth network: {}", address(&shop));
    // The next deploy finds it there.
    assert_eq!(deploy(&shop).unwrap()[..2], ["create --network=name=zzz,alias=shop.web", "start"]);

    let said = shop.world.run("--force network:destroy zzz");
    assert!(
        said.contains("zzz has active endpoints") && said.contains("containers are in it: shop.web.1"),
        "{said}"
    );
    assert_eq!(networks_of(&shop.world, "dokku"), ["bridge", "zzz"]);
    shop.world.run("network:tend");
    assert_eq!(networks_of(&shop.world, "dokku"), ["bridge", "zzz"]);

    shop.world.run("--force apps:destroy shop");
    assert_eq!(shop.world.run("network:tend"), "       No app is in the network zzz any more: left\n");
    assert_eq!(networks_of(&shop.world, "dokku"), ["bridge"]);
}

#[test]
fn the_container_comes_to_the_appliance_where_joining_would_move_its_way_out() {
    let shop = shop(&["aaa"]);
    appliance(&shop.world);
    shop.world.run("network:set shop initial-network aaa");
    assert_eq!(
        deploy(&shop).unwrap(),
        [
            "create --network=name=aaa,alias=shop.web",
            "connect bridge shop.web.1",
            "start",
            "rename shop.web.1"
        ]
    );
    assert!(address(&shop).starts_with("172.17."), "in the appliance's network: {}", address(&shop));
    assert_eq!(networks_of(&shop.world, "dokku"), ["bridge"]);
    let listed = shop.world.run("network:report shop --network-web-listeners");
    assert_eq!(listed, format!("{}:5000\n", address(&shop)));
}

#[test]
fn an_engine_with_priorities_never_moves_the_way_out() {
    let shop = shop(&["aaa"]);
    appliance(&shop.world);
    shop.world.docker.state().api_minor = Some(48);
    shop.world.run("network:set shop initial-network aaa");
    assert_eq!(deploy(&shop).unwrap()[1], "connect --alias joined-by-dokku --gw-priority -1 aaa dokku");
}

#[test]
fn an_internal_network_never_moves_the_way_out() {
    let shop = shop(&["aaa"]);
    appliance(&shop.world);
    for network in shop.world.docker.state().networks.values_mut() {
        network.internal = network.name == "aaa";
    }
    shop.world.run("network:set shop initial-network aaa");
    assert_eq!(deploy(&shop).unwrap()[1], "connect --alias joined-by-dokku aaa dokku");
}

#[test]
fn the_appliance_leaves_a_network_before_it_is_destroyed_and_a_new_appliance_joins_again() {
    let shop = shop(&["zzz"]);
    appliance(&shop.world);
    shop.world.run("network:set shop initial-network zzz");
    deploy(&shop).unwrap();
    // As after an update: another container, in its first network alone.
    let old = own_place::read(&shop.world.layout).unwrap().expect("written above");
    shop.world.docker.state().containers.remove(&old.id);
    for network in shop.world.docker.state().networks.values_mut() {
        network.containers.remove(&old.id);
    }
    appliance(&shop.world);
    assert_eq!(shop.world.run("network:tend"), "");
    assert_eq!(networks_of(&shop.world, "dokku"), ["bridge", "zzz"]);

    shop.world.run("--force apps:destroy shop");
    shop.world.docker.take_calls();
    assert_eq!(shop.world.run("--force network:destroy zzz"), "-----> Destroying network zzz\n");
    assert_eq!(calls(&shop)[0], "disconnect zzz dokku");
    let said = shop.world.run("--force network:destroy bridge");
    assert!(said.contains("Unable to destroy network: bridge is the appliance's own"), "{said}");
}

#[test]
fn on_the_hosts_own_network_an_app_is_reached_at_the_host() {
    let shop = shop(&[]);
    appliance(&shop.world);
    shop.world.run("docker-options:add shop deploy --network=host");
    assert_eq!(deploy(&shop).unwrap()[..2], ["create --network=host", "start"]);
    assert_eq!(address(&shop), "172.17.0.1");
}

#[test]
fn without_a_network_a_web_process_is_refused_unless_no_proxy_leads_to_it() {
    let shop = shop(&[]);
    appliance(&shop.world);
    deploy(&shop).unwrap();
    let before = shop.seen();
    shop.world.run("network:set shop initial-network none");
    let said = deploy(&shop).unwrap_err();
    assert!(
        said.contains("web of shop has no network (none)") && said.contains("proxy:disable shop"),
        "{said}"
    );
    assert_eq!(shop.seen(), before);
    shop.world.run("proxy:disable shop");
    assert_eq!(deploy(&shop).unwrap()[..2], ["create --network=none", "start"]);
}

#[test]
fn a_fixed_upstream_on_localhost_means_the_docker_host() {
    let shop = shop(&[]);
    appliance(&shop.world);
    let app: AppName = "shop".parse().expect("a name");
    shop.world.run("builder:set shop selected null");
    shop.world.run("scheduler:set shop selected null");
    let said = shop.world.run("network:set shop static-web-listener localhost:1");
    for words in
        ["Nothing answers at localhost:1 yet", "let it listen on 172.17.0.1 or 0.0.0.0", "pass port 1"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(shop.world.run("network:report shop --network-web-listeners"), "localhost:1\n");
    shop.world.run("ports:set shop http:80:1");
    let conf = std::fs::read_to_string(shop.world.layout.nginx_conf(&app)).expect("written");
    assert!(conf.contains("server 172.17.0.1:1"), "{conf}");
}

#[test]
fn a_fixed_upstream_in_a_network_of_the_engine_is_joined_for() {
    let shop = shop(&["zzz"]);
    appliance(&shop.world);
    for network in shop.world.docker.state().networks.values_mut().filter(|network| network.name == "zzz") {
        network.ipam.config = vec![AddressPool { subnet: "127.0.9.0/24".to_owned() }];
    }
    shop.world.run("network:set shop static-web-listener 127.0.9.4:1");
    // That address is the loopback's, which the appliance takes for the host's; one of the network is another.
    assert_eq!(networks_of(&shop.world, "dokku"), ["bridge"]);
    for network in shop.world.docker.state().networks.values_mut().filter(|network| network.name == "zzz") {
        network.ipam.config = vec![AddressPool { subnet: "192.0.2.0/24".to_owned() }];
    }
    let said = shop.world.run("network:set shop static-web-listener 192.0.2.4:1");
    assert!(said.contains("Nothing answers at 192.0.2.4:1 yet") && !said.contains("Docker host"), "{said}");
    assert_eq!(networks_of(&shop.world, "dokku"), ["bridge", "zzz"]);
    assert_eq!(shop.world.run("network:tend"), "");
    shop.world.run("network:set shop static-web-listener");
    assert!(shop.world.run("network:tend").contains("zzz"), "left");
}

#[test]
fn web_ports_are_published_on_all_interfaces_when_asked_for() {
    let shop = shop(&[]);
    shop.world.run("network:set shop bind-all-interfaces true");
    assert_eq!(deploy(&shop).unwrap()[0], "create --publish=5000");
}

#[test]
fn a_build_that_cannot_be_on_the_network_says_so() {
    let shop = shop(&["back"]);
    let buffers = Arc::new(Buffers::default());
    shop.world.run("network:set shop initial-network back");
    platform::runtime().unwrap().block_on(async {
        let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(buffers.clone());
        shop.receive(&ctx, "one").await.expect("deployed");
    });
    let said = buffers.text(Stream::Stdout);
    assert_eq!(
        said.matches("BuildKit builds on no network of yours: not in back during the build").count(),
        1,
        "{said}"
    );
    let build = shop.world.docker.take_calls();
    assert!(
        !build.lines().any(|line| line.starts_with("docker build") && line.contains("network")),
        "{build}"
    );
}
