//! network: the engine's networks, and where the containers of apps are reached.

use dokku::model::{AppName, Dyno, Fault};
use dokku::platform::docker::DockerError;
use dokku::platform::queue::Place;
use dokku::store::processes;
use expect_test::expect;

use crate::support::{World, deployed};

#[test]
fn a_network_comes_and_goes() {
    let world = World::new();
    expect![[r#"
        -----> Creating network back
    "#]]
    .assert_eq(&world.run("network:create back"));
    expect![[r#"
        docker network create --attachable --label com.dokku.network-name=back back
    "#]]
    .assert_eq(&world.docker.take_calls());
    expect![[r#"
        -----> Network exists
    "#]]
    .assert_eq(&world.run("network:exists back"));
    expect![[r#"
        -----> Creating network back
        2> !     Unable to create network: network with name back already exists
        exit 1
    "#]]
    .assert_eq(&world.run("network:create back"));
    expect![[r#"
        =====> Networks
        back
        bridge
        host
        none
    "#]]
    .assert_eq(&world.run("network:list"));
    expect![[r#"
        =====> Networks
        back
    "#]]
    .assert_eq(&world.run("network:list --dokku-managed"));
    expect![[r#"
        =====> back network information
               ID:             000000000004
               Name:           back
               Driver:         bridge
               Scope:          local
               Dokku managed:  true
    "#]]
    .assert_eq(&world.run("network:info back"));
    world.docker.take_calls();
    expect![[r#"
        > -----> Destroying network back
        2> !     WARNING: Potentially Destructive Action
        2> !     This command will destroy network back.
        2> !     To proceed, type "back"
    "#]]
    .assert_eq(&world.run_with_input("network:destroy back", "back\n"));
    expect![[r#"
        docker network rm back
    "#]]
    .assert_eq(&world.docker.take_calls());
    expect![[r#"
        2> !     Network does not exist
        exit 1
    "#]]
    .assert_eq(&world.run("network:exists back"));
}

#[test]
fn what_programs_read_has_the_keys_of_dokku() {
    let world = World::new();
    world.run("network:create back");
    expect![[r#"
        {"CreatedAt":"2026-01-02T03:04:05.678Z","DokkuManaged":true,"Driver":"bridge","ID":"000000000004","Internal":false,"IPv6":false,"Labels":{"com.dokku.network-name":"back"},"Name":"back","Scope":"local"}
    "#]].assert_eq(&world.run("network:info back --format json"));
    expect![[r#"
        [{"CreatedAt":"2026-01-02T03:04:05.678Z","DokkuManaged":true,"Driver":"bridge","ID":"000000000004","Internal":false,"IPv6":false,"Labels":{"com.dokku.network-name":"back"},"Name":"back","Scope":"local"}]
    "#]].assert_eq(&world.run("network:list --format json --dokku-managed"));
    expect![[r#"
        [{"CreatedAt":"2026-01-02T03:04:05.678Z","DokkuManaged":true,"Driver":"bridge","ID":"000000000004","Internal":false,"IPv6":false,"Labels":{"com.dokku.network-name":"back"},"Name":"back","Scope":"local"},{"CreatedAt":"0001-01-01T00:00:00Z","DokkuManaged":false,"Driver":"bridge","ID":"000000000001","Internal":false,"IPv6":false,"Labels":{},"Name":"bridge","Scope":"local"},{"CreatedAt":"0001-01-01T00:00:00Z","DokkuManaged":false,"Driver":"host","ID":"000000000002","Internal":false,"IPv6":false,"Labels":{},"Name":"host","Scope":"local"},{"CreatedAt":"0001-01-01T00:00:00Z","DokkuManaged":false,"Driver":"null","ID":"000000000003","Internal":false,"IPv6":false,"Labels":{},"Name":"none","Scope":"local"}]
    "#]].assert_eq(&world.run("network:list --format json"));
}

#[test]
fn quiet_leaves_out_headings() {
    let world = World::new();
    assert_eq!(world.run("--quiet network:create back"), "");
    assert_eq!(world.run("--quiet network:exists back"), "");
    assert_eq!(world.run("--quiet network:list"), "back\nbridge\nhost\nnone\n");
    assert_eq!(
        world.run("--quiet network:info bridge").lines().next(),
        Some("       ID:             000000000001")
    );
    assert_eq!(world.run("--quiet --force network:destroy back"), "");
}

#[test]
fn a_network_is_destroyed_only_when_its_name_was_typed() {
    let world = World::new();
    world.run("network:create back");
    for input in ["front\n", "\n", ""] {
        let ran = world.run_with_input("network:destroy back", input);
        assert!(ran.contains("This command will destroy network back.") && ran.contains("exit 1"), "{ran}");
    }
    assert_eq!(world.run("--quiet network:list --dokku-managed"), "back\n");
    assert_eq!(world.run("network:destroy --force back"), "-----> Destroying network back\n");
    world.run("network:create back");
    assert_eq!(world.run("--force network:destroy back"), "-----> Destroying network back\n");
}

#[test]
fn what_is_wrong_with_a_network_is_said_and_nothing_changes() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    expect![[r#"
        2> !     Unable to create network: "a,b" is not a valid name
        2> !     Names have letters, digits, _ . and -, and begin with a letter or digit
        exit 1
    "#]]
    .assert_eq(&world.run("network:create a,b"));
    expect![[r#"
        2> !     No network name specified
        exit 1
    "#]]
    .assert_eq(&world.run("network:create"));
    expect![[r#"
        2> !     No network name specified
        exit 1
    "#]]
    .assert_eq(&world.run("network:exists"));
    expect![[r#"
        2> !     Network does not exist
        exit 1
    "#]]
    .assert_eq(&world.run("network:info nowhere"));
    expect![[r#"
        2> !     Invalid format specified, use either text or json
        exit 1
    "#]]
    .assert_eq(&world.run("network:info bridge --format yaml"));
    expect![[r#"
        2> !     Invalid format specified, use either text or json
        exit 1
    "#]]
    .assert_eq(&world.run("network:list --format yaml"));
    expect![[r#"
        2> !     Network does not exist
        exit 1
    "#]]
    .assert_eq(&world.run("--force network:destroy nowhere"));
    expect![[r#"
        -----> Destroying network bridge
        2> !     Unable to destroy network: bridge has active endpoints
        2> !     These containers are in it: shop.web.1
        exit 1
    "#]]
    .assert_eq(&world.run("--force network:destroy bridge"));
    world.docker.plan_fault(
        "docker network create",
        DockerError::Other(Fault::new(
            "cannot create the network back: could not find an available address pool",
        )),
    );
    expect![[r#"
        -----> Creating network back
        2> !     Unable to create network: could not find an available address pool
        exit 1
    "#]]
    .assert_eq(&world.run("network:create back"));
    assert_eq!(world.run("--quiet network:list"), "bridge\nhost\nnone\n");
}

#[test]
fn rebuilding_writes_down_the_addresses_and_counts_those_it_cannot_tell() {
    let world = World::new();
    deployed(&world, "shop", &["web.1", "web.2", "worker.1"]);
    expect![[r#"
        -----> Ensuring network configuration is in sync for shop
    "#]]
    .assert_eq(&world.run("network:rebuild shop"));
    let app: AppName = "shop".parse().expect("a name");
    let running = processes::running(&world.layout, &app).expect("readable");
    for one in &running {
        let address = processes::ip(&world.layout, &app, &one.dyno).expect("readable");
        assert!(address.is_some_and(|address| address.starts_with("172.17.0.")), "{}", one.dyno);
    }
    for gone in &running[1..] {
        world.docker.state().containers.remove(&gone.id);
    }
    expect![[r#"
        -----> Ensuring network configuration is in sync for shop
        2> !     The address of web.2 of shop is not known: No such container: 0000000000060000000000000000000000000000000000000000000000000000
        2> !     The address of worker.1 of shop is not known: No such container: 0000000000070000000000000000000000000000000000000000000000000000
        exit 2
    "#]].assert_eq(&world.run("network:rebuild shop"));
    expect![[r#"
        -----> Ensuring network configuration is in sync for shop
        2> !     The address of web.2 of shop is not known: No such container: 0000000000060000000000000000000000000000000000000000000000000000
        2> !     The address of worker.1 of shop is not known: No such container: 0000000000070000000000000000000000000000000000000000000000000000
        exit 2
    "#]].assert_eq(&world.run("network:rebuildall"));
    expect![[r#"
        2> !     App nobody does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("network:rebuild nobody"));
}

#[test]
fn rebuilding_says_when_there_is_no_app_and_nothing_when_none_is_deployed() {
    let world = World::new();
    expect![[r#"
        2> !     You haven't deployed any applications yet
    "#]]
    .assert_eq(&world.run("network:rebuildall"));
    world.run("apps:create shop");
    assert_eq!(world.run("network:rebuild shop"), "");
    assert_eq!(world.run("network:rebuildall"), "");
}

#[test]
fn properties_are_checked_before_they_are_written() {
    let world = World::new();
    world.run("apps:create shop");
    assert_eq!(
        world.run("network:set shop attach-post-create back store"),
        "=====> Setting attach-post-create to back,store\n"
    );
    for (line, told) in [
        ("shop attach-post-deploy late store", "Network name already associated with this app: store"),
        ("shop attach-post-deploy host", "Invalid network name specified for attach: host"),
        ("shop attach-post-deploy late bridge", "Invalid network name specified for attach: bridge"),
        ("shop attach-post-deploy late,,x", "Invalid network name specified for attach: "),
        ("shop initial-network back,alias=x", "Invalid network name specified: back,alias=x"),
        ("shop tld .internal", "Invalid value for tld, must be a domain such as svc.internal: .internal"),
        (
            "shop bind-all-interfaces maybe",
            "Invalid value for bind-all-interfaces, must be true or false: maybe",
        ),
        ("--global static-web-listener 127.0.0.1:80", "Property cannot be specified globally"),
        ("shop nowhere x", "Invalid property specified, valid properties include: attach-post-create, "),
        ("nobody tld x", "App nobody does not exist"),
    ] {
        let ran = world.run(&format!("network:set {line}"));
        assert!(ran.contains(told) && ran.contains("exit"), "{line}: {ran}");
    }
    world.run("network:set --global initial-network all");
    world.run("network:set --global attach-post-create common");
    assert_eq!(world.run("network:set shop tld internal"), "=====> Setting tld to internal\n");
    expect![[r#"
        =====> shop network information
               Network attach post create:           back,store
               Network attach post deploy:           
               Network bind all interfaces:          
               Network computed attach post create:  back,store
               Network computed attach post deploy:  
               Network computed bind all interfaces: false
               Network computed initial network:     all
               Network computed tld:                 internal
               Network global attach post create:    common
               Network global attach post deploy:    
               Network global bind all interfaces:   
               Network global initial network:       all
               Network global tld:                   
               Network initial network:              
               Network static web listener:          
               Network tld:                          internal
               Network web listeners:                
    "#]]
    .assert_eq(&world.run("network:report shop"));
    assert_eq!(world.run("network:set shop attach-post-create"), "=====> Unsetting attach-post-create\n");
    assert_eq!(world.run("network:report shop --network-computed-attach-post-create"), "common\n");
    expect![[r#"
        =====> --global network information
               Network computed attach post create:  common
               Network computed attach post deploy:  
               Network computed bind all interfaces: false
               Network computed initial network:     all
               Network computed tld:                 
               Network global attach post create:    common
               Network global attach post deploy:    
               Network global bind all interfaces:   
               Network global initial network:       all
               Network global tld:                   
    "#]]
    .assert_eq(&world.run("network:report --global"));
    assert_eq!(world.run("plugin:trigger docker-args-process-run shop herokuish latest"), " --network=all");
}

#[test]
fn routes_follow_what_answers_and_leave_what_is_gone() {
    let world = World::new();
    world.docker.give_addresses_of_this_machine();
    deployed(&world, "shop", &["web.1", "worker.1"]);
    let app: AppName = "shop".parse().expect("a name");
    let [web, worker] = ["web.1", "worker.1"].map(|text| text.parse::<Dyno>().expect("a place"));
    let address = world.docker.address_of("shop.web.1");
    let listener = std::net::TcpListener::bind((address.as_str(), 0)).expect("a port");
    let port = listener.local_addr().expect("it is bound").port();
    for dyno in [&web, &worker] {
        processes::set_ip(&world.layout, &app, dyno, "172.17.0.99").expect("writable");
        processes::set_port(&world.layout, &app, dyno, port).expect("writable");
    }
    let ip = |dyno| processes::ip(&world.layout, &app, dyno).expect("readable").unwrap_or_default();
    let told = world.run("network:follow shop");
    assert!(told.contains(&format!("Routes of shop follow web.1 from 172.17.0.99 to {address}")), "{told}");
    assert_eq!((ip(&web), ip(&worker)), (address.clone(), world.docker.address_of("shop.worker.1")));
    assert_eq!(world.proxy.asked(), ["note shop", "apply shop"]);
    let conf = || std::fs::read_to_string(world.layout.nginx_conf(&app)).expect("readable");
    assert!(conf().contains(&format!("server {address}:")), "{}", conf());

    // Down: its address may be a stranger's soon.
    world.docker.end_container("shop.web.1", 1);
    assert!(world.run("network:follow shop").contains("to nowhere"));
    assert_eq!(ip(&web), "");
    assert!(!conf().contains(&address), "{}", conf());

    // Back, and not listening yet; then listening.
    drop(listener);
    world.docker.restart("shop.web.1");
    assert!(!world.run("network:follow shop").contains("follow web.1"));
    assert_eq!(ip(&web), "");
    let _listener = std::net::TcpListener::bind((address.as_str(), port)).expect("the same port");
    world.run("network:follow shop");
    assert_eq!(ip(&web), address);
    assert!(conf().contains(&format!("server {address}:")), "{}", conf());
}

#[test]
fn routes_of_an_app_that_is_being_destroyed_are_not_made_anew() {
    let world = World::new();
    deployed(&world, "shop", &["web.1"]);
    let (app, web): (AppName, Dyno) = ("shop".parse().expect("a name"), "web.1".parse().expect("a place"));
    processes::set_ip(&world.layout, &app, &web, "172.17.0.99").expect("writable");
    processes::set_port(&world.layout, &app, &web, 5000).expect("writable");
    world.docker.end_container("shop.web.1", 1);
    world.proxy.asked();
    let join = |who| Place::join(&world.layout.turns(&app), who).expect("writable");
    let last = join("apps:destroy");
    assert_eq!(world.run("network:follow shop"), "");
    assert_eq!(world.proxy.asked(), [""; 0]);
    drop(last);
    let _build = join("a-build");
    assert!(
        world.run("network:follow shop").contains("to nowhere"),
        "a deploy that builds keeps nobody from it"
    );
}
