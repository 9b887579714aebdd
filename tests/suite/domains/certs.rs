//! certs: what is taken, what is refused and why, and what routes do about it. The clock says 2026-01-02.

use std::path::PathBuf;

use expect_test::expect;

use crate::support::authority::{Authority, Issued, self_signed};
use crate::support::{FakeDocker, World};

/// A server with an app, whose certificates stand in files.
struct Shop {
    world: World,
    files: tempfile::TempDir,
}

impl Shop {
    fn new() -> Self {
        let world = World::on(FakeDocker::new());
        world.run("domains:set-global example.com");
        world.run("apps:create shop");
        Shop { world, files: tempfile::tempdir().expect("a folder") }
    }

    /// Adds it from files, and returns what is said.
    fn add(&self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> String {
        let at = |name: &str| self.files.path().join(name).display().to_string();
        std::fs::write(at("a.crt"), certificate).expect("a file");
        std::fs::write(at("a.key"), key).expect("a file");
        let seen = self.world.run(&format!("certs:add shop {} {}", at("a.crt"), at("a.key")));
        seen.replace(&self.files.path().display().to_string(), "$FILES")
    }

    fn tls(&self) -> PathBuf {
        self.world.layout.root.join("shop/tls")
    }

    fn conf(&self) -> String {
        std::fs::read_to_string(self.world.layout.root.join("shop/nginx.conf")).unwrap_or_default()
    }
}

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        archive.append_data(&mut header, path, content.as_bytes()).expect("an entry");
    }
    archive.into_inner().expect("an archive")
}

#[test]
fn a_certificate_comes_shows_itself_and_goes() {
    let shop = Shop::new();
    let world = &shop.world;
    world.run("ports:set shop http:80:3000");
    let Issued { certificate, key } = self_signed("shop.example.com", (2025, 2035));
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating https nginx.conf
               Enabling HSTS (using built-in template)
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&shop.add(&certificate, &key));
    assert_eq!(world.run("ports:report shop --ports-map"), "http:80:3000 https:443:3000\n");
    assert!(shop.conf().contains("return 301 https://$host:443$request_uri"), "{}", shop.conf());
    assert_eq!(world.run("certs:show shop crt"), certificate);
    assert_eq!(world.run("certs:show shop key"), key);
    expect![[r#"
        =====> shop ssl information
               Ssl acme dns provider:         
               Ssl acme email:                
               Ssl acme enabled:              false
               Ssl acme last error:           
               Ssl acme renews at:            
               Ssl acme server:               
               Ssl dir:                       $WORLD/home/shop/tls
               Ssl enabled:                   true
               Ssl expires at:                Jan  1 00:00:00 2035 GMT
               Ssl hostnames:                 shop.example.com
               Ssl issuer:                    CN = shop.example.com
               Ssl starts at:                 Jan  1 00:00:00 2025 GMT
               Ssl subject:                   CN=shop.example.com
               Ssl verified:                  self signed
    "#]]
    .assert_eq(&world.run("certs:report shop"));
    expect![[r#"
        -----> Removing SSL endpoint from shop
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("certs:remove shop"));
    assert_eq!(world.run("ports:report shop --ports-map"), "http:80:3000\n");
    assert!(!shop.tls().exists());
    expect![[r#"
        2> !     An app-specific SSL endpoint is not defined
        exit 1
    "#]]
    .assert_eq(&world.run("certs:remove shop"));
    expect![[r#"
        2> !     shop doesn't have an SSL endpoint defined
        exit 1
    "#]]
    .assert_eq(&world.run("certs:show shop crt"));
}

#[test]
fn a_report_says_nothing_of_what_is_not_there() {
    let shop = Shop::new();
    let world = &shop.world;
    expect![[r#"
        {"acme-dns-provider":"","acme-email":"","acme-enabled":"false","acme-last-error":"","acme-renews-at":"","acme-server":"","dir":"$WORLD/home/shop/tls","enabled":"false","expires-at":"","hostnames":"","issuer":"","starts-at":"","subject":"","verified":""}
    "#]]
    .assert_eq(&world.run("certs:report shop --format json"));
    assert_eq!(world.run("certs:report --global --format json"), "{}\n");
    assert_eq!(world.run("certs:report --global"), "=====> --global ssl information\n");
    assert_eq!(world.run("certs:report shop --ssl-hostnames"), "\n");
    let told = world.run("certs:report shop --ssl-invalid-flag");
    assert!(told.contains("Invalid flag passed, valid flags: --ssl-acme-dns-provider,"), "{told}");
}

#[test]
fn a_tar_archive_on_standard_input_is_taken_too() {
    let shop = Shop::new();
    let Issued { certificate, key } = self_signed("*.example.com", (2025, 2035));
    let both = archive(&[("x/server.crt", &certificate), ("x/server.key", &key), ("._x.crt", "mac")]);
    assert!(!shop.world.run_with_input("certs:update shop", &both).contains("exit"));
    assert_eq!(shop.world.run("certs:report shop --ssl-hostnames"), "*.example.com\n");
    for (input, told) in [
        (archive(&[("server.key", &key)]), "Tar archive is missing .crt file"),
        (Vec::new(), "Tar archive containing server.crt and server.key expected on stdin"),
        (b"garbage".to_vec(), "Standard input is no tar archive"),
        (vec![0; 10_000_000], "The archive on stdin is longer than 4194304 bytes"),
    ] {
        let seen = shop.world.run_with_input("certs:add shop", &input);
        assert!(seen.contains(told) && seen.ends_with("exit 1\n"), "{seen}");
    }
    assert_eq!(shop.world.run("certs:show shop crt"), certificate);
}

#[test]
fn what_clients_would_refuse_is_refused_and_changes_nothing() {
    let shop = Shop::new();
    let kept = self_signed("shop.example.com", (2025, 2035));
    shop.add(&kept.certificate, &kept.key);
    let before = shop.conf();
    let ca = Authority::new("Example CA");
    let Issued { certificate, key } = ca.issue("shop.example.com", (2025, 2035));
    let chain = format!("{certificate}{}", ca.certificate);
    let expired = ca.issue("shop.example.com", (2024, 2025));
    let expired_chain = format!("{}{}", expired.certificate, ca.certificate);
    for (certificate, key, told) in [
        (chain.as_str(), kept.key.as_str(), "The private key does not belong to the certificate"),
        (&certificate, &key, "The certificate chain is incomplete"),
        (&expired_chain, &expired.key, "The certificate expired on Jan  1 00:00:00 2025 GMT"),
        ("garbage", &key, "The CRT file holds no certificate"),
        (&chain, "garbage", "The KEY file holds no private key"),
        ("", "", "The CRT file holds no certificate"),
        (&"x".repeat(10_000_000), &key, "$FILES/a.crt is longer than 1048576 bytes"),
    ] {
        let seen = shop.add(certificate, key);
        assert!(seen.contains(told) && seen.ends_with("exit 1\n"), "{seen}");
    }
    for (line, told) in [
        ("certs:add shop /nowhere /nowhere", "CRT file specified not found, please check file paths"),
        ("certs:add shop /dev/zero /dev/zero", "CRT file specified not found, please check file paths"),
        ("certs:add nobody /a /b", "App nobody does not exist"),
        ("certs:show nobody", "App nobody does not exist"),
        ("certs:show shop all", "specify either 'key' or 'crt'"),
        ("certs:generate nobody", "App nobody does not exist"),
        ("certs:remove nobody", "App nobody does not exist"),
    ] {
        let seen = shop.world.run(line);
        assert!(seen.contains(told) && seen.contains("exit"), "{line}: {seen}");
    }
    assert_eq!(shop.world.run("certs:show shop crt"), kept.certificate);
    assert_eq!(shop.conf(), before);
    // The authority's own certificate behind it makes it whole.
    assert!(!shop.add(&chain, &key).contains("exit"));
}

/// Dokku's own tests install such a one; so do people who stand behind a proxy that does not look.
#[test]
fn an_expired_certificate_of_nobody_is_taken_with_a_warning() {
    let shop = Shop::new();
    let Issued { certificate, key } = self_signed("shop.example.com", (2014, 2015));
    let seen = shop.add(&certificate, &key);
    assert!(!seen.contains("exit"), "{seen}");
    assert!(
        seen.contains("The certificate is self-signed and expired on Jan  1 00:00:00 2015 GMT"),
        "{seen}"
    );
}

#[test]
fn what_the_proxy_refuses_is_put_back() {
    let shop = Shop::new();
    let world = &shop.world;
    world.run("ports:set shop http:80:3000");
    world.proxy.refuse("ca md too weak");
    let one = self_signed("shop.example.com", (2025, 2035));
    let seen = shop.add(&one.certificate, &one.key);
    assert!(
        seen.contains("The new certificate cannot be put to work, what was before is put back"),
        "{seen}"
    );
    assert!(seen.contains("ca md too weak") && seen.ends_with("exit 1\n"), "{seen}");
    assert!(!shop.tls().join("server.crt").exists());
    assert_eq!(world.run("ports:report shop --ports-map"), "http:80:3000\n");
}

#[test]
fn a_self_signed_one_is_made_for_whom_one_says() {
    let shop = Shop::new();
    let world = &shop.world;
    let answers = "DE\n\nBerlin\nShop, Inc.\n\n\nme@example.com\n";
    let seen = world.run_with_input("certs:generate shop www.example.com", answers);
    let (said, request) = seen.split_once("-----BEGIN CERTIFICATE REQUEST-----").expect("a request");
    expect![[r#"
        -----> Installing certificate and key...
        -----> Added www.example.com to shop
        -----> Configuring shop.example.com...(using built-in template)
        -----> Configuring www.example.com...(using built-in template)
        -----> Creating https nginx.conf
               Enabling HSTS (using built-in template)
               Reloading nginx
        -----> The following is a certificate signing request that can be used
        -----> to generate an 'officially' signed SSL certificate for shop at www.example.com
        -----> by a CA of your choosing.
    "#]]
    .assert_eq(said);
    assert!(request.contains("Locality Name (eg, city) []:"), "{request}");
    let fact = |flag: &str| world.run(&format!("certs:report shop --ssl-{flag}"));
    assert_eq!(
        fact("subject"),
        "C=DE; L=Berlin; O=Shop, Inc.; CN=www.example.com; emailAddress=me@example.com\n"
    );
    assert_eq!(fact("hostnames"), "www.example.com\n");
    assert_eq!(fact("expires-at"), "Jan  2 03:04:05 2027 GMT\n");
    assert!(shop.tls().join("server.csr").exists());
    assert_eq!(world.run("certs:generate shop"), "-----> shop has an SSL endpoint already defined\n");
}

#[test]
fn a_self_signed_one_needs_a_name() {
    let shop = Shop::new();
    for (input, told) in
        [("", "A certificate is for a domain"), ("DEU\n\n\n\n\na.example.com\n", "named by two letters")]
    {
        let seen = shop.world.run_with_input("certs:generate shop", input);
        assert!(seen.contains(told) && seen.ends_with("exit 1\n"), "{seen}");
    }
    assert!(!shop.tls().exists());
}

#[test]
fn plugins_hear_of_it_and_a_clone_has_none() {
    let shop = Shop::new();
    let world = &shop.world;
    let heard = world.layout.root.join("heard");
    for trigger in ["post-certs-update", "post-certs-remove"] {
        world.add_plugin("ears", trigger, &format!("echo {trigger} \"$@\" >> {}", heard.display()));
    }
    let one = self_signed("shop.example.com", (2025, 2035));
    shop.add(&one.certificate, &one.key);
    world.run("apps:clone --skip-deploy shop cafe");
    assert_eq!(world.run("certs:report cafe --ssl-enabled"), "false\n");
    world.run("certs:remove shop");
    let heard = std::fs::read_to_string(heard).expect("heard");
    assert_eq!(heard, "post-certs-update shop\npost-certs-remove cafe\npost-certs-remove shop\n");
}

#[test]
fn a_certificate_for_other_names_than_the_apps_is_said() {
    let shop = Shop::new();
    let Issued { certificate, key } = self_signed("other.example.org", (2025, 2035));
    let said = shop.add(certificate, key);
    let words = "-----> No matching configured domains for shop found in SSL certificate. Your app will show as \
        insecure in a browser if accessed via SSL\n-----> Please add appropriate domains via the dokku domains command\n\
        -----> Configured domains for app:\n=====> shop.example.com\n-----> Domains found in SSL certificate:\n\
        =====> other.example.org\n";
    assert!(said.contains(words), "{said}");
    assert!(!shop.world.run("domains:add shop other.example.org").contains("No matching"));
}
