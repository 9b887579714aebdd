use expect_test::expect;

use crate::support::World;

fn world() -> World {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    world
}

#[test]
fn mappings_come_and_go() {
    let world = world();
    expect![[r#"
        2> !     No port mappings configured for app
        exit 1
    "#]]
    .assert_eq(&world.run("ports:list shop"));
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     Ignoring detected https port mapping without an accompanying ssl certificate (https:443:5000)
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("ports:add shop http:8080:5000 https:443:5000"));
    expect![[r#"
        -----> Port mappings for shop
            -----> scheme  host port  container port
            http           8080       5000
            https          443        5000
    "#]]
    .assert_eq(&world.run("ports:list shop"));
    assert_eq!(
        world.run("--quiet ports:list shop"),
        "    http   8080  5000
    https  443   5000
"
    );
    expect![[r#"
        2> !     Error validating all port mappings: The same scheme:host-port is being reused: http:8080
        2> !     each pair of scheme and host port leads to one container port
        exit 1
    "#]]
    .assert_eq(&world.run("ports:add shop http:8080:3000"));
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     Ignoring detected https port mapping without an accompanying ssl certificate (https:443:5000)
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("ports:remove shop 8080"));
    expect![[r#"
        =====> shop ports information
               Ports map:                     https:443:5000
               Ports map detected:            http:80:5000
               Ports map detected json:       [{"container_port":5000,"host_port":80,"scheme":"http"}]
               Ports map json:                [{"container_port":5000,"host_port":443,"scheme":"https"}]
    "#]]
    .assert_eq(&world.run("ports:report shop"));
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("ports:clear shop"));
    assert_eq!(
        world.run("ports:report shop --ports-map"),
        "
"
    );
}

#[test]
fn what_is_wrong_is_said() {
    let world = world();
    expect![[r#"
        2> !     Invalid port map http:80 [len=2]
        2> !     a port map is <scheme>:<host-port>:<container-port>, for example http:80:5000; ports are 1 to 65535
        exit 1
    "#]]
    .assert_eq(&world.run("ports:set shop http:80"));
    expect![[r#"
        2> !     No port mapping specified
        exit 1
    "#]]
    .assert_eq(&world.run("ports:set shop"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("ports:list nope"));
}

#[test]
fn a_certificate_adds_https_to_detected_ports() {
    let world = world();
    let tls = world.layout.root.join("shop/tls");
    std::fs::create_dir_all(&tls).expect("a folder");
    std::fs::write(tls.join("server.crt"), "x").expect("a file");
    std::fs::write(tls.join("server.key"), "x").expect("a file");
    expect![[r#"
        http:80:5000 https:443:5000
    "#]]
    .assert_eq(&world.run("ports:report shop --ports-map-detected"));
}
