use expect_test::expect;

use crate::support::World;

fn world() -> World {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    world
}

#[test]
fn settings_are_set_and_reported() {
    let world = world();
    expect![[r#"
        =====> Setting proxy-port to 8080
    "#]]
    .assert_eq(&world.run("proxy:set --global proxy-port 8080"));
    expect![[r#"
        =====> shop proxy information
               Proxy computed disabled:       false
               Proxy computed proxy port:     80
               Proxy computed proxy ssl port: 
               Proxy computed type:           nginx
               Proxy disabled:                
               Proxy enabled:                 true
               Proxy global proxy port:       8080
               Proxy global proxy ssl port:   
               Proxy global type:             
               Proxy proxy port:              80
               Proxy proxy ssl port:          
               Proxy type:                    
    "#]]
    .assert_eq(&world.run("proxy:report shop"));
    expect![[r#"
        =====> Setting type to traefik
    "#]]
    .assert_eq(&world.run("proxy:set shop traefik"));
    expect![[r#"
        2> !     Detected potential port mapping instead of proxy type
        2> !     Consider using ports:set command or specifying a valid proxy
        exit 1
    "#]]
    .assert_eq(&world.run("proxy:set shop http:80:5000"));
    expect![[r#"
        2> !     Property cannot be specified globally
        exit 1
    "#]]
    .assert_eq(&world.run("proxy:set --global disabled true"));
}

#[test]
fn urls_are_dokkus_first_and_then_those_with_the_ports_of_the_host() {
    let world = world();
    expect![[r#"
        http://shop.example.com
    "#]]
    .assert_eq(&world.run("urls shop"));
    world.run("ports:set shop http:3000:3000");
    expect![[r#"
        http://shop.example.com:3000
    "#]]
    .assert_eq(&world.run("urls shop"));
    let ports = dokku::store::published_ports::PublishedPorts {
        tcp: [(80, vec![8080])].into(),
        ..Default::default()
    };
    dokku::store::published_ports::write(&world.layout, &ports).expect("writable");
    expect![[r#"
        http://shop.example.com:3000
        http://shop.example.com:8080
    "#]]
    .assert_eq(&world.run("urls shop"));
    expect![[r#"
        http://shop.example.com:3000
    "#]]
    .assert_eq(&world.run("url shop"));
}

#[test]
fn urls_of_a_proxy_beside_the_appliance_have_the_ports_that_lead_to_it() {
    let world = world();
    let ports = dokku::store::published_ports::PublishedPorts {
        tcp: [(80, vec![8080])].into(),
        ..Default::default()
    };
    dokku::store::published_ports::write(&world.layout, &ports).expect("writable");
    world.run("proxy:set shop caddy");
    assert_eq!(world.run("urls shop"), "http://shop.example.com\n");
    world.run("caddy:set --global http-port 8888");
    assert_eq!(world.run("urls shop"), "http://shop.example.com\nhttp://shop.example.com:8888\n");
    assert_eq!(world.run("url shop"), "http://shop.example.com\n");
}

#[test]
fn all_apps_are_routed_anew_and_one_that_fails_keeps_no_other_from_it() {
    let world = World::new();
    for app in ["blog", "shop"] {
        world.run(&format!("apps:create {app}"));
    }
    world.add_plugin("zz-last", "proxy-build-config", "test $1 = shop || { echo no >&2; exit 3; }");
    let said = world.run("proxy:build-config --all");
    for line in [
        "Running build-config against app blog\n",
        "Running build-config against app shop\n",
        "Error running build-config against app blog",
        "2> !     build-config command returned 1 errors\n2> !     The apps: blog\nexit 1\n",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(world.run("nginx:show-config shop").contains("server_name shop.localhost"));
    assert!(!world.run("proxy:build-config --all --parallel 2").contains("serial mode"));
    assert_eq!(
        world.run("proxy:build-config --all --parallel -2"),
        "2> !     Invalid value -2 for --parallel flag\n2> !     a number of apps, or -1 for one per processor\nexit 1\n"
    );
}

#[test]
fn what_several_apps_say_at_once_is_told_app_by_app() {
    let world = World::new();
    for app in ["blog", "shop"] {
        world.run(&format!("apps:create {app}"));
    }
    world.add_plugin("zz-last", "proxy-build-config", "echo begins $1; sleep 1; echo ends $1");
    let said = world.run("proxy:build-config --all --parallel 2");
    for app in ["blog", "shop"] {
        assert!(said.contains(&format!("begins {app}\nends {app}\n")), "{said}");
    }
}
