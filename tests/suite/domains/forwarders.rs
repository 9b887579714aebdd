//! Ports that the appliance's own container does not publish.

use dokku::model::RunPlan;
use dokku::platform;
use dokku::platform::docker::Docker;
use dokku::store::own_place::{self, OwnPlace};
use dokku::store::published_ports::{self, PublishedPorts};
use expect_test::expect;

use crate::support::World;

/// A server in a container of a compose project, which publishes port 80, and two apps.
fn world() -> World {
    let world = World::new();
    world.docker.have_image("dokku/dokku:latest", Default::default());
    let mut plan = RunPlan { name: Some("dokku".to_owned()), ..RunPlan::of_image("dokku/dokku:latest") };
    plan.label = [("com.docker.compose.project".to_owned(), "here".to_owned())].into();
    let id = platform::runtime().unwrap().block_on(async {
        let id = world.docker.create_container(&plan).await.expect("made");
        world.docker.start_container(&id).await.expect("started");
        id
    });
    let gateway = "172.17.0.1".to_owned();
    let name = "dokku".to_owned();
    let place = OwnPlace { id, name, networks: vec!["bridge".to_owned()], host: gateway.clone(), gateway };
    own_place::write(&world.layout, &place).expect("writable");
    let ports = PublishedPorts { tcp: [(80, vec![80])].into(), ..PublishedPorts::default() };
    published_ports::write(&world.layout, &ports).expect("writable");
    world.run("domains:set-global example.com");
    for app in ["shop", "other"] {
        world.run(&format!("apps:create {app}"));
        let folder = world.layout.root.join(app);
        std::fs::write(folder.join("IP.web.1"), "172.17.0.5").expect("writable");
        std::fs::write(folder.join("PORT.web.1"), "5000").expect("writable");
    }
    world.docker.take_calls();
    world
}

/// What was made and removed, ids left out.
fn calls(world: &World) -> String {
    let id = own_place::read(&world.layout).unwrap().expect("written").id;
    let calls = world.docker.take_calls().replace(&id, "dokku").replace(" --", "\n    --");
    calls
        .lines()
        .filter(|line| !line.starts_with("docker rm --force"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn one_forwarder_for_each_port_as_long_as_it_is_needed() {
    let world = world();
    assert!(!world.run("ports:add shop http:80:5000 http:8080:5000 tcp:5432:5432").contains("exit"));
    expect![[r#"
        docker network create dokku-ports
        docker network rm dokku-ports
        docker network create
            --label com.dokku.network=ports dokku-ports
        docker network connect
            --alias joined-by-dokku dokku-ports dokku
        docker rm
            --force
            --volumes dokku.port-5432-tcp
        docker create
            --name=dokku.port-5432-tcp
            --label=com.docker.compose.oneoff=True
            --label=com.docker.compose.project=here
            --label=com.dokku.container-type=forwarder
            --label=com.dokku.forwarder=5432/tcp
            --restart=unless-stopped
            --entrypoint=
            --network=bridge
            --network=dokku-ports
            --publish=5432:5432
            --tmpfs=/mnt/dokku:size=4k
            --tmpfs=/tmp:size=1m
            --cap-add=NET_BIND_SERVICE
            --cap-drop=ALL
            --read-only
            --security-opt=no-new-privileges
            --no-healthcheck sha256:0000000000040000000000000000000000000000000000000000000000000000 dokku forward 5432/tcp 172.30.0.2
        docker start 0000000000080000000000000000000000000000000000000000000000000000
        docker rm
            --force
            --volumes dokku.port-8080-tcp
        docker create
            --name=dokku.port-8080-tcp
            --label=com.docker.compose.oneoff=True
            --label=com.docker.compose.project=here
            --label=com.dokku.container-type=forwarder
            --label=com.dokku.forwarder=8080/tcp
            --restart=unless-stopped
            --entrypoint=
            --network=bridge
            --network=dokku-ports
            --publish=8080:8080
            --tmpfs=/mnt/dokku:size=4k
            --tmpfs=/tmp:size=1m
            --cap-add=NET_BIND_SERVICE
            --cap-drop=ALL
            --read-only
            --security-opt=no-new-privileges
            --no-healthcheck sha256:0000000000040000000000000000000000000000000000000000000000000000 dokku forward 8080/tcp 172.30.0.2
        docker start 0000000000090000000000000000000000000000000000000000000000000000
    "#]].assert_eq(&calls(&world));
    let config = world.run("nginx:show-config shop");
    let handed = ["listen      172", "set_real_ip_from", "real_ip_header"];
    let lines: String = config
        .lines()
        .filter(|line| handed.iter().any(|word| line.contains(word)))
        .map(|line| format!("{}\n", line.trim_start()))
        .collect();
    expect![[r#"
          listen      172.30.0.2:8080 proxy_protocol;
          set_real_ip_from 172.30.0.0/24;
          real_ip_header proxy_protocol;
          listen      172.30.0.2:5432 proxy_protocol;
          set_real_ip_from 172.30.0.0/24;
    "#]]
    .assert_eq(&lines);
    assert!(world.run("urls shop").contains("http://shop.example.com:8080"));

    assert!(!world.run("ports:add other http:80:5000 http:8080:5000").contains("exit"));
    assert_eq!(calls(&world), "", "it is there");
    world.run("ports:clear shop");
    expect![[r#"
        docker rm
            --force
            --volumes 0000000000080000000000000000000000000000000000000000000000000000
    "#]]
    .assert_eq(&calls(&world));
    world.run("apps:destroy --force other");
    expect![[r#"
        docker volume rm cache-other
        docker rm
            --force
            --volumes 0000000000090000000000000000000000000000000000000000000000000000
        docker network disconnect
            --force dokku-ports dokku
        docker network rm dokku-ports
        docker prune images
            --filter dangling=true
            --filter label=dokku
            --filter label=com.dokku.app-name=other
    "#]]
    .assert_eq(&calls(&world));
    world.run("ports:tend");
    assert_eq!(calls(&world), "");
}

#[test]
fn turned_off_it_says_what_the_run_line_lacks() {
    let world = world();
    world.run("proxy:set --global publish-ports false");
    expect![[r#"
        2> !     The appliance's container does not publish 53/udp, 5432/tcp, and publish-ports is false
        2> !     start it anew with -p 53:53/udp -p 5432:5432 added to its run line
        2> !     or have it published beside: dokku proxy:set shop publish-ports true
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add shop http:80:5000 tcp:5432:5432 udp:53:53"));
    assert_eq!(world.run("ports:report shop --ports-map"), "\n");
    assert_eq!(calls(&world), "");
    expect![[r#"
        false
    "#]]
    .assert_eq(&world.run("proxy:report shop --proxy-computed-publish-ports"));
    world.run("proxy:set --global publish-ports");
    assert!(!world.run("proxy:report shop").contains("publish"));
}

#[test]
fn a_port_of_the_host_that_is_taken_changes_nothing() {
    let world = world();
    let taken = "Bind for 0.0.0.0:5432 failed: port is already allocated";
    world.docker.plan_fault(
        "docker start",
        dokku::platform::docker::DockerError::Other(dokku::model::Fault::new(taken)),
    );
    expect![[r#"
        2> !     Port 5432/tcp of the host is taken by something else
        2> !     Bind for 0.0.0.0:5432 failed: port is already allocated
        2> !     choose another host port, or end what has this one
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add shop tcp:5432:5432"));
    assert_eq!(world.run("ports:report shop --ports-map"), "\n");
    assert!(calls(&world).contains("docker network rm"), "and nothing is left");
}
