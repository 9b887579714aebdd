//! Certificates from an authority: Pebble, which refuses nonces and looks at proofs. The proxy is not real here: what it
//! would answer stands in a snippet, and the test answers so (`appliance::certificates` has a real one).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::World;
use crate::support::authority::self_signed;
use crate::support::pebble::{Around, Pebble};

/// A server with an app, an authority, and what answers on port 80.
struct Shop {
    world: World,
    pebble: Pebble,
    /// False has the answers wrong.
    is_honest: Arc<AtomicBool>,
}

impl Shop {
    fn new() -> Option<Self> {
        let world = World::new();
        world.run("domains:set-global example.com");
        world.run("apps:create shop");
        let is_honest = Arc::new(AtomicBool::new(true));
        let snippet = world.layout.root.join("shop/nginx.conf.d/acme.conf");
        let http_port = answer(snippet, Arc::clone(&is_honest));
        let pebble = Pebble::start(&Around { host: "localhost", names_lead_to: "127.0.0.1", http_port })?;
        let kept = world.layout.data("certs");
        for (path, text, mode) in [
            ("--authorities/test.pem", pebble.authority.clone(), 0o644),
            ("--dns-providers/test", pebble.dns_provider(), 0o755),
            ("--dns-providers/broken", "#!/bin/sh\necho no zone; exit 3\n".to_owned(), 0o755),
        ] {
            let path = kept.join(path);
            std::fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
            std::fs::write(&path, text).expect("a file");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("its mode");
        }
        Some(Shop { world, pebble, is_honest })
    }

    fn enable(&self, words: &str) -> String {
        self.world.run(&format!("certs:acme-enable shop --server {} {words}", self.pebble.directory))
    }

    fn fact(&self, flag: &str) -> String {
        self.world.run(&format!("certs:report shop --ssl-{flag}")).trim_end().to_owned()
    }

    fn snippet(&self) -> PathBuf {
        self.world.layout.root.join("shop/nginx.conf.d/acme.conf")
    }
}

/// Answers as nginx would by the snippet.
fn answer(snippet: PathBuf, is_honest: Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut line = String::new();
            let _ = BufReader::new(&client).read_line(&mut line);
            let token = line.split([' ', '/']).nth(4).unwrap_or_default().to_owned();
            let text = std::fs::read_to_string(&snippet).unwrap_or_default();
            let behind = text.split_once("return 200 \"$1").and_then(|(_, rest)| rest.split_once('"'));
            let behind = behind.map(|(behind, _)| behind).unwrap_or_default();
            let body =
                if is_honest.load(Ordering::Relaxed) { format!("{token}{behind}") } else { "no".into() };
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n";
            let _ = write!(client, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    port
}

#[test]
fn a_name_is_proven_by_http_and_its_certificate_is_renewed() {
    let Some(shop) = Shop::new() else { return };
    let world = &shop.world;
    world.run("domains:add shop www.example.com");
    let seen = shop.enable("--email me@example.com");
    assert!(seen.contains("shop has a certificate until") && !seen.contains("exit"), "{seen}");
    assert_eq!(shop.fact("hostnames"), "shop.example.com www.example.com");
    assert_eq!(
        shop.fact("verified"),
        "self signed",
        "the authority is a stranger, and the clock stands still"
    );
    assert_eq!(
        (shop.fact("acme-enabled"), shop.fact("acme-email")),
        ("true".into(), "me@example.com".into())
    );
    assert_eq!(shop.fact("acme-server"), shop.pebble.directory);
    assert!(shop.fact("acme-renews-at").ends_with(" GMT"));
    let first = world.run("certs:show shop crt");
    let snippet = std::fs::read_to_string(shop.snippet()).expect("it stays for the next time");

    let seen = world.run("certs:acme-renew shop");
    assert!(!seen.contains("exit"), "{seen}");
    let second = world.run("certs:show shop crt");
    assert_ne!(first, second);
    assert_eq!(std::fs::read_to_string(shop.snippet()).expect("a file"), snippet, "one account for both");

    // Nothing is due; another domain makes it so.
    assert_eq!(world.run("certs:acme-renew"), "");
    world.run("domains:add shop new.example.com");
    assert!(world.run("certs:acme-renew").contains("shop has a certificate until"));
    assert_eq!(shop.fact("hostnames"), "new.example.com shop.example.com www.example.com");
    assert_eq!(
        world.run("--quiet certs:acme-disable shop"),
        "-----> The certificate of shop is renewed no more\n"
    );
    assert!(!shop.snippet().exists());
    assert_eq!((shop.fact("enabled"), shop.fact("acme-enabled")), ("true".into(), "false".into()));
}

#[test]
fn what_is_not_proven_is_said_and_the_last_certificate_stays() {
    let Some(shop) = Shop::new() else { return };
    let world = &shop.world;
    shop.is_honest.store(false, Ordering::Relaxed);
    let seen = shop.enable("");
    assert!(seen.contains("shop.example.com is not proven: ") && seen.contains("exit 1"), "{seen}");
    assert!(seen.contains("do its DNS records point here?"), "{seen}");
    assert_eq!((shop.fact("enabled"), shop.fact("acme-enabled")), ("false".into(), "false".into()));
    assert!(!shop.snippet().exists());

    shop.is_honest.store(true, Ordering::Relaxed);
    let seen = shop.enable("");
    assert!(!seen.contains("exit"), "{seen}");
    let kept = world.run("certs:show shop crt");
    shop.is_honest.store(false, Ordering::Relaxed);
    world.run("domains:add shop www.example.com");
    let seen = world.run("certs:acme-renew");
    assert!(seen.contains("No new certificate for shop") && seen.contains("exit 1"), "{seen}");
    assert!(shop.fact("acme-last-error").contains("is not proven: "), "{}", shop.fact("acme-last-error"));
    assert_eq!(shop.fact("acme-renews-at"), "Jan  2 04:04:05 2026 GMT", "an hour later");
    assert_eq!(world.run("certs:show shop crt"), kept);
    // Until then nobody is asked.
    assert_eq!(world.run("certs:acme-renew"), "");
    shop.is_honest.store(true, Ordering::Relaxed);
    assert!(!world.run("certs:acme-renew shop").contains("exit"));
    assert_eq!(shop.fact("acme-last-error"), "");
    // What the proxy refuses is as if it had never come.
    let kept = world.run("certs:show shop crt");
    world.proxy.refuse("no");
    assert!(world.run("certs:acme-renew shop").contains("exit 1"));
    assert_eq!(world.run("certs:show shop crt"), kept);
}

#[test]
fn a_wildcard_is_proven_by_dns() {
    let Some(shop) = Shop::new() else { return };
    let world = &shop.world;
    world.run("domains:set shop *.shop.example.com shop.example.com");
    let seen = shop.enable("");
    assert!(seen.contains("*.shop.example.com can be proven by DNS alone"), "{seen}");
    let seen = shop.enable("--dns-provider nowhere");
    assert!(seen.contains("There is no DNS provider nowhere; there are: broken, test"), "{seen}");
    for way_out in ["../x", "/bin/true", ".x"] {
        let seen = shop.enable(&format!("--dns-provider {way_out}"));
        assert!(seen.contains("There is no DNS provider"), "{seen}");
    }
    let seen = shop.enable("--dns-provider broken");
    let told = "DNS provider broken present _acme-challenge.shop.example.com. ended with status 3";
    assert!(seen.contains("no zone") && seen.contains(told), "{seen}");

    let seen = shop.enable("--dns-provider test");
    assert!(!seen.contains("exit"), "{seen}");
    assert_eq!(shop.fact("hostnames"), "*.shop.example.com shop.example.com");
    assert_eq!(shop.fact("acme-dns-provider"), "test");
    let name = "_acme-challenge.shop.example.com.";
    let (present, cleanup) = (format!("present {name}\n"), format!("cleanup {name}\n"));
    assert_eq!(shop.pebble.records(), format!("{present}{present}{cleanup}{cleanup}"));
    assert!(!shop.snippet().exists());
    world.run("apps:rename --skip-deploy shop cafe");
    assert_eq!(world.run("certs:report cafe --ssl-acme-enabled"), "true\n");
    let seen = world.run("certs:remove cafe");
    assert!(seen.contains("The certificate of cafe is renewed no more"), "{seen}");
    assert_eq!(world.run("certs:report cafe --ssl-acme-enabled"), "false\n");
}

#[test]
fn what_cannot_be_meant_is_refused_before_anybody_is_asked() {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    for (words, told) in [
        ("nobody", "App nobody does not exist"),
        ("shop --email me", "me is no e-mail address"),
        ("shop --server http://example.com/dir", "http://example.com/dir is no ACME server"),
        ("shop --staging --server https://example.com/dir", "it cannot stand beside --server"),
        ("shop --dns-provider x", "There is no DNS provider x; there are: none"),
        ("shop --server https://127.0.0.1:1/dir", "cannot reach 127.0.0.1"),
    ] {
        let seen = world.run(&format!("certs:acme-enable {words}"));
        assert!(seen.contains(told) && seen.contains("exit"), "{words}: {seen}");
    }
    world.run("ports:set shop http:8080:5000");
    let seen = world.run("certs:acme-enable shop");
    assert!(seen.contains("shop does not answer http on port 80"), "{seen}");
    world.run("proxy:set shop type null");
    let seen = world.run("certs:acme-enable shop");
    assert!(seen.contains("The proxy of shop is null"), "{seen}");
    world.run("domains:clear shop");
    let seen = world.run("certs:acme-enable shop");
    assert!(seen.contains("shop has no domain that a certificate can be for"), "{seen}");
    assert!(world.run("certs:acme-renew shop").contains("No authority issues the certificate of shop"));
    let told = "-----> No authority issues the certificate of shop\n";
    assert_eq!(world.run("certs:acme-disable shop"), told);
}

#[test]
fn an_own_certificate_is_taken_with_a_word_on_what_will_become_of_it() {
    let Some(shop) = Shop::new() else { return };
    shop.enable("");
    let folder = tempfile::tempdir().expect("a folder");
    let own = self_signed("shop.example.com", (2025, 2035));
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("crt"), own.certificate).expect("a file");
    std::fs::write(at("key"), own.key).expect("a file");
    let seen = shop.world.run(&format!("certs:add shop {} {}", at("crt"), at("key")));
    assert!(seen.contains("An authority issues the next one"), "{seen}");
}
