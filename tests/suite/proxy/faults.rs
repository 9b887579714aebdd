use dokku::store::forwarders::{self, Forwarders, Meeting};
use dokku::store::own_place::{self, OwnPlace};

use super::{Rig, name};

#[tokio::test(flavor = "multi_thread")]
async fn what_one_app_gets_wrong_is_its_own_trouble() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    rig.write("shop", &rig.saying("shop", "one"));
    proxy.apply(name("shop")).await.expect("taken");
    assert_eq!(rig.get("shop").expect("an answer"), "one");

    rig.write("shop", "server {\n  nonsense on;\n}\n");
    let fault = proxy.apply(name("shop")).await.expect_err("refused");
    assert_eq!(
        fault.message,
        "nginx refuses the configuration of shop: unknown directive \"nonsense\" (at `nonsense on;`)"
    );
    assert_eq!(rig.get("shop").expect("an answer"), "one", "the last good one serves");

    rig.write("cafe", &rig.saying("cafe", "two"));
    proxy.apply(name("cafe")).await.expect("another app is taken");
    assert_eq!(rig.get("cafe").expect("an answer"), "two");

    let refused = proxy.reload().await.expect("an answer");
    assert_eq!(refused.as_array().map(Vec::len), Some(1), "{refused}");
    assert!(rig.layout.data("nginx-vhosts").join("active/shop.conf").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_active_set_stands_on_its_own() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    let snippets = rig.layout.root.join("shop/nginx.conf.d");
    std::fs::create_dir_all(&snippets).expect("a folder");
    std::fs::write(snippets.join("x.conf"), "add_header X-Test yes;\n").expect("writable");
    let include = format!("include {}/*.conf;\n}}\n", snippets.display());
    let text = rig.saying("shop", "one");
    rig.write("shop", &format!("{}{include}", text.trim_end().trim_end_matches('}')));
    proxy.apply(name("shop")).await.expect("taken");

    // The folder is broken behind our back, and nginx is started anew, as after a crash.
    std::fs::write(snippets.join("x.conf"), "nonsense").expect("writable");
    rig.stop_nginx();
    rig.start_nginx();
    rig.wait_for("shop", "one");

    std::fs::remove_dir_all(rig.layout.root.join("shop")).expect("destroyed");
    proxy.apply(name("shop")).await.expect("taken");
    assert_ne!(rig.get("shop").unwrap_or_default(), "one");
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_starts_whatever_stands_in_the_active_set() {
    let Some(mut rig) = Rig::new() else { return };
    let active = rig.layout.data("nginx-vhosts").join("active");
    std::fs::create_dir_all(&active).expect("a folder");
    std::fs::write(active.join("shop.conf"), "nonsense;\n").expect("writable");
    std::fs::write(active.join("cafe.conf"), rig.saying("cafe", "two")).expect("writable");
    let _proxy = rig.start().await;
    rig.wait_for("cafe", "two");
    assert!(active.join("shop.conf.refused").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_said_and_nothing_changes() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    rig.write("shop", &rig.saying("shop", "one"));
    proxy.apply(name("shop")).await.expect("taken");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let text = rig.saying("cafe", "two").replace(&format!(":{}", rig.port), &format!(":{port}"));
    rig.write("cafe", &text);
    let fault = proxy.apply(name("cafe")).await.expect_err("taken by another");
    assert!(fault.message.contains("Address already in use"), "{fault}");
    assert_eq!(rig.get("shop").expect("an answer"), "one");
    drop(taken);
    proxy.apply(name("cafe")).await.expect("free now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_stops_nobody_of_the_same_moment() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    rig.write("shop", &rig.saying("shop", "one"));
    proxy.apply(name("shop")).await.expect("taken");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let text = rig.saying("cafe", "two").replace(&format!(":{}", rig.port), &format!(":{port}"));
    rig.write("cafe", &text);
    rig.write("shop", &rig.saying("shop", "two"));
    let (shop, cafe) = tokio::join!(proxy.apply(name("shop")), proxy.apply(name("cafe")));
    shop.expect("no port of its own is taken");
    assert_eq!(rig.get("shop").expect("an answer"), "two");
    let fault = cafe.expect_err("taken by another");
    assert!(fault.message.contains("Address already in use"), "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_apps_cannot_both_have_is_the_first_ones() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    let mine = |words: &str| format!("upstream mine {{ server 127.0.0.1:1; }}\n{words}");
    rig.write("shop", &mine(&rig.saying("shop", "one")));
    rig.write("cafe", &rig.saying("cafe", "one"));
    for app in ["shop", "cafe"] {
        proxy.apply(name(app)).await.expect("taken");
    }
    // nginx reads cafe before shop and would blame shop.
    rig.write("cafe", &mine(&rig.saying("cafe", "two")));
    let fault = proxy.apply(name("cafe")).await.expect_err("refused");
    assert!(
        fault.message.starts_with("nginx refuses the configuration of cafe: duplicate upstream"),
        "{fault}"
    );
    for app in ["shop", "cafe"] {
        assert_eq!(rig.get(app).expect("an answer"), "one", "{app}");
    }
    let active = rig.layout.data("nginx-vhosts").join("active");
    let left: Vec<_> =
        std::fs::read_dir(active).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "nothing else is left behind: {left:?}");

    // What another brings may be named all the same.
    rig.write("cafe", &rig.saying("cafe", "two").replace("return 200 \"two\"", "proxy_pass http://mine"));
    proxy.apply(name("cafe")).await.expect("there is such an upstream");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_looked_at_without_all_others() {
    let Some(mut rig) = Rig::new() else { return };
    let looked = rig.folder.path().join("looked");
    rig.run_nginx_by(&format!(
        "#!/bin/sh\n[ \"$1\" != -t ] || cat \"$4\" >>{}\nexec /usr/sbin/nginx \"$@\"\n",
        looked.display()
    ));
    let proxy = rig.start().await;
    for app in ["shop", "cafe"] {
        rig.write(app, &rig.saying(app, "one"));
        proxy.apply(name(app)).await.expect("taken");
    }
    std::fs::write(&looked, "").expect("writable");
    rig.write("shop", &rig.saying("shop", "two"));
    proxy.apply(name("shop")).await.expect("taken");
    assert_eq!(rig.get("shop").expect("an answer"), "two");
    let looked = std::fs::read_to_string(&looked).expect("readable");
    assert!(looked.contains("/shop.conf") && !looked.contains("/cafe.conf"), "{looked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nginx_had_not_taken_is_undone_by_the_next_start() {
    let Some(mut rig) = Rig::new() else { return };
    let active = rig.layout.data("nginx-vhosts").join("active");
    std::fs::create_dir_all(&active).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(active.join(name), text).expect("writable");
    // Killed when both were in place: that cafe has what is shop's would have been found by nginx.
    let mine = |words: &str| format!("upstream mine {{ server 127.0.0.1:1; }}\n{words}");
    write("shop.conf", &mine(&rig.saying("shop", "one")));
    write("cafe.conf", &mine(&rig.saying("cafe", "two")));
    write("cafe.conf.before", &rig.saying("cafe", "one"));
    let _proxy = rig.start().await;
    rig.wait_for("shop", "one");
    rig.wait_for("cafe", "one");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_containers_own_name_keeps_off_the_place_of_forwarders() {
    let Some(mut rig) = Rig::new() else { return };
    let own = dokku::platform::host::name();
    let hosts = rig.folder.path().join("hosts");
    let engines = format!("127.0.0.1\tlocalhost\n172.17.0.2\t{own}\n172.26.0.2\t{own}\n");
    std::fs::write(&hosts, &engines).expect("writable");
    let proxy = rig.start().await;
    rig.write("shop", &rig.saying("shop", "one"));
    proxy.apply(name("shop")).await.expect("taken");
    assert_eq!(std::fs::read_to_string(&hosts).expect("readable"), engines, "not a container in networks");

    let place = OwnPlace { id: "ab".into(), networks: vec!["bridge".into()], ..OwnPlace::default() };
    own_place::write(&rig.layout, &place).expect("writable");
    let meeting = Meeting {
        network: "dokku-ports".into(),
        subnet: "172.26.0.0/24".into(),
        address: [172, 26, 0, 2].into(),
    };
    let known = Forwarders { meeting: Some(meeting), ..Forwarders::default() };
    forwarders::write(&rig.layout, &known).expect("writable");
    rig.write("shop", &rig.saying("shop", "two"));
    proxy.apply(name("shop")).await.expect("taken");
    let kept = format!("127.0.0.1\tlocalhost\n172.17.0.2\t{own}\n");
    assert_eq!(std::fs::read_to_string(&hosts).expect("readable"), kept);
}
