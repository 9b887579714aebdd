//! TLS as a browser sees it: the real nginx with a certificate that was handed in, and with one from an authority.

use crate::support::authority::{Authority, Issued};
use crate::support::pebble::{Around, Pebble};
use crate::support::shell::{Ran, run};
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// Asks the appliance for a page, whatever the name's DNS says. `authority` is a file of whom to trust.
fn visit(dokku: &Appliance, url: &str, authority: &str) -> Ran {
    let [_, http, https] = dokku.ports;
    let connect = format!("::127.0.0.1:{}", if url.starts_with("https:") { https } else { http });
    let trusted = ["--cacert", authority, "--connect-to", &connect, url];
    let mut line = vec!["curl", "-sSi", "--max-time", "20", "--noproxy", "*"];
    line.extend(trusted);
    run(30, &line, &[], b"")
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
fn a_certificate_is_served_and_what_is_wrong_with_another_changes_nothing() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    let name = format!("{app}.example.com");
    dokku.dokku(&["domains:set", &app, &name]).ok();
    let ca = Authority::new("Authority of the test");
    let trusted = dokku.path_of("ca.pem");
    std::fs::write(&trusted, &ca.certificate).expect("a file");
    let Issued { certificate, key } = ca.issue(&name, (2025, 2035));
    let chain = format!("{certificate}{}", ca.certificate);
    let add = |files: &[(&str, &str)]| dokku.inside_with(&["dokku", "certs:add", &app], &archive(files));
    add(&[("server.crt", &chain), ("server.key", &key)]).ok().says("Creating https nginx.conf");

    let (plain, tls) = (format!("http://{name}/"), format!("https://{name}/"));
    let served = || {
        visit(&dokku, &tls, &trusted)
            .ok()
            .says("HTTP/2 200")
            .says("pushed with git")
            .says("strict-transport-security: max-age=15724800; includeSubdomains");
    };
    served();
    let outer = format!("Location: https://{name}:{}/", dokku.ports[2]);
    visit(&dokku, &plain, &trusted).ok().says("301 Moved Permanently").says(&outer);
    dokku.ssh(&["certs:report", &app, "--ssl-hostnames"]).ok().says(&name);
    dokku.ssh(&["certs:show", &app, "crt"]).ok().says("-----END CERTIFICATE-----");

    let stranger = ca.issue(&name, (2025, 2035));
    let expired = ca.issue(&name, (2024, 2025));
    let expired_chain = format!("{}{}", expired.certificate, ca.certificate);
    for (certificate, key, told) in [
        (chain.as_str(), stranger.key.as_str(), "The private key does not belong to the certificate"),
        (&certificate, &key, "The certificate chain is incomplete"),
        (&expired_chain, &expired.key, "The certificate expired on"),
        ("garbage", &key, "The CRT file holds no certificate"),
    ] {
        add(&[("server.crt", certificate), ("server.key", key)]).fails().says(told);
    }
    dokku.inside_with(&["dokku", "certs:add", &app], &vec![b'x'; 10_000_000]).fails();
    served();

    // Those of before go on while the next one comes.
    let next = ca.issue(&name, (2025, 2036));
    let next_chain = format!("{}{}", next.certificate, ca.certificate);
    add(&[("server.crt", &next_chain), ("server.key", &next.key)]).ok();
    dokku.ssh(&["certs:report", &app, "--ssl-expires-at"]).ok().says("Jan  1 00:00:00 2036 GMT");
    served();
    dokku.ssh(&["certs:remove", &app]).ok().says("Removing SSL endpoint");
    visit(&dokku, &plain, &trusted).ok().says("200 OK").says("pushed with git");
    visit(&dokku, &tls, &trusted).fails();
}

#[test]
fn an_authority_issues_a_certificate_that_it_was_proven_by_nginx() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    let name = format!("{app}.example.com");
    dokku.dokku(&["domains:set", &app, &name]).ok();
    let fact = |template: &str| {
        let template = format!("{{{{range .NetworkSettings.Networks}}}}{{{{.{template}}}}}{{{{end}}}}");
        dokku.docker(&["inspect", "--format", &template, &dokku.name()]).ok().out.trim().to_owned()
    };
    let (host, own) = (fact("Gateway"), fact("IPAddress"));
    let around = Around { host: &host, names_lead_to: &own, http_port: 80 };
    let Some(pebble) = Pebble::start(&around) else { return };
    let folder = "/var/lib/dokku/data/certs/--authorities";
    let keep = format!("mkdir -p {folder} && cat >{folder}/test.pem && chown -R dokku:dokku {folder}/..");
    dokku.inside_with(&["sh", "-c", &keep], pebble.authority.as_bytes()).ok();

    let ask = ["certs:acme-enable", &app, "--server", &pebble.directory, "--email", "me@example.com"];
    dokku.ssh(&ask).ok().says("has a certificate until");
    let tls = format!("https://{name}/");
    let issuer = || {
        let told = dokku.ssh(&["certs:report", &app, "--ssl-issuer"]).ok();
        assert!(told.out.contains("Pebble Intermediate CA"), "{told}");
        // Nobody knows the authority's root: that the right certificate is served is what counts.
        let words = ["curl", "-sSik", "--noproxy", "*", "--connect-to"];
        let connect = format!("::127.0.0.1:{}", dokku.ports[2]);
        let line: Vec<&str> = words.into_iter().chain([connect.as_str(), tls.as_str()]).collect();
        run(30, &line, &[], b"").ok().says("pushed with git");
    };
    issuer();
    // The redirect to https leaves the authority's way free.
    let plain = format!("http://{name}/.well-known/acme-challenge/any-token");
    visit(&dokku, &plain, "/dev/null").says("200 OK").says("any-token.");

    // Another domain is asked for by the server itself, within a minute.
    let www = format!("www.{name}");
    dokku.dokku(&["domains:add", &app, &www]).ok();
    until_true(100, "the server asks for the new domain", || {
        dokku.ssh(&["certs:report", &app, "--ssl-hostnames"]).ok().out.contains(&www)
    });
    issuer();
    // The authority is gone: what there is stays.
    drop(pebble);
    until_true(60, "the server has done asking, and the authority is asked in vain", || {
        dokku.ssh(&["certs:acme-renew", &app]).fails().err.contains("cannot reach")
    });
    issuer();
    dokku.ssh(&["certs:report", &app, "--ssl-acme-last-error"]).ok().says("cannot reach");
}
