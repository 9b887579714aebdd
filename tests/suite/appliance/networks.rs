//! Networks: apps find each other by name, and the proxy reaches apps wherever they stand.

use std::net::TcpListener;

use crate::support::appliance::{docker, image, is_wanted, run_id};
use crate::support::shell::timed;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// Networks of a story, and containers beside its apps; removed when the story is over, after the appliance.
#[derive(Default)]
struct Surroundings {
    networks: Vec<String>,
    containers: Vec<String>,
}

impl Surroundings {
    fn network(&mut self, word: &str) -> String {
        let name = format!("{word}-{}", run_id());
        self.networks.push(name.clone());
        name
    }

    /// A web server that is no app, with these words for `docker run`.
    fn service(&mut self, words: &[&str], port: &str, page: &str) -> String {
        let name = format!("service-{}", run_id());
        self.containers.push(name.clone());
        let script = format!("mkdir /w; echo '{page}' >/w/index.html; exec httpd -f -p {port} -h /w");
        let line =
            [&["run", "-d", "--name", &name], words, &["busybox:latest", "sh", "-c", &script]].concat();
        docker(&line).ok();
        name
    }
}

impl Drop for Surroundings {
    fn drop(&mut self) {
        for name in &self.containers {
            docker(&["rm", "-f", "-v", name]);
        }
        for name in &self.networks {
            docker(&["network", "rm", name]);
        }
    }
}

fn networks_of(container: &str) -> Vec<String> {
    let format = "{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}";
    let found = docker(&["inspect", "--format", format, container]).ok();
    found.out.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn two_apps_talk_by_name() {
    let mut around = Surroundings::default();
    let Some(dokku) = Appliance::start() else { return };
    let (front, back, network) = (dokku.app("front"), dokku.app("back"), around.network("shared"));
    dokku.ssh(&["network:create", &network]).ok().says("Creating network");
    for app in [&front, &back] {
        dokku.ssh(&["apps:create", app]).ok();
    }
    dokku.ssh(&["network:set", &front, "attach-post-create", &network]).ok();
    dokku.ssh(&["network:set", &back, "attach-post-deploy", &network]).ok();
    dokku.ssh(&["network:set", &back, "tld", "svc.internal"]).ok();
    dokku.ssh(&["ps:scale", "--skip-deploy", &back, "web=2"]).ok();
    let hello = Repository::of("hello");
    dokku.push(&hello, &front).ok();
    dokku.push(&hello, &back).ok().says(&format!("Associating app with network {network}"));
    dokku.wait_page(&back, "pushed with git");
    // As a program in the front's container would ask: busybox as a static program looks up no names.
    let (container, image) = (format!("container:{front}.web.1"), image());
    let asked = |url: &str| {
        let line = ["run", "--rm", "--network", &container, "--entrypoint", "curl", &image];
        docker(&[&line[..], &["-fsS", "-m", "5", url]].concat())
    };
    asked(&format!("http://{back}.web.svc.internal:5000")).ok().says("pushed with git");
    asked(&format!("http://{front}.web:5000")).ok().says("pushed with git");
    let back = format!("{back}.web.svc.internal");
    let found = docker(&["exec", &format!("{front}.web.1"), "nslookup", "-type=a", &back]).ok();
    let addresses =
        found.out.lines().filter(|line| line.starts_with("Address") && !line.contains("127.0.0.11"));
    assert_eq!(addresses.count(), 2, "both containers of the process type: {found}");
}

#[test]
fn networks_are_joined_and_left_without_cutting_a_download() {
    let mut around = Surroundings::default();
    let Some(dokku) = Appliance::start() else { return };
    let big = dokku.app("big");
    let repository = Repository::of("hello");
    let dockerfile = "FROM busybox:latest\nCOPY www /www\n\
        RUN head -c 50000000 /dev/zero >/www/big\nCMD [\"sh\", \"-c\", \"exec httpd -f -p $PORT -h /www\"]\n";
    repository.write("Dockerfile", dockerfile).commit("something large");
    dokku.push(&repository, &big).ok();
    dokku.wait_page(&big, "pushed with git");

    let host = format!("Host: {big}.localhost");
    let url = format!("http://127.0.0.1:{}/big", dokku.ports[1]);
    let line =
        ["curl", "-sS", "--limit-rate", "2M", "-o", "/dev/null", "-w", "%{size_download}", "-H", &host, &url];
    let download = timed(120, &line, &[]).spawn().expect("curl starts");

    // The first name comes before the appliance's own network, the second one after it.
    for word in ["aaa", "zzz"] {
        let (app, network) = (dokku.app(word), around.network(word));
        dokku.ssh(&["network:create", &network]).ok();
        dokku.ssh(&["apps:create", &app]).ok();
        dokku.ssh(&["network:set", &app, "initial-network", &network]).ok();
        dokku.push(&Repository::of("hello"), &app).ok();
        dokku.wait_page(&app, "pushed with git");
    }
    assert_eq!(networks_of(&dokku.name()), ["bridge".to_owned(), around.networks[1].clone()]);
    assert!(networks_of(&format!("{}.web.1", dokku.app("aaa"))).contains(&"bridge".to_owned()));
    dokku.ssh(&["network:destroy", "--force", &around.networks[1]]).fails().says("containers are in it");
    for word in ["aaa", "zzz"] {
        dokku.ssh(&["apps:destroy", "--force", &dokku.app(word)]).ok();
    }
    for network in &around.networks {
        dokku.ssh(&["network:destroy", "--force", network]).ok();
    }
    assert_eq!(networks_of(&dokku.name()), ["bridge"]);
    let ended = download.wait_with_output().expect("it ends");
    let (size, said) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert_eq!((ended.status.code(), &*size), (Some(0), "50000000"), "{said}");
}

#[test]
fn each_kind_of_network_is_reached_or_refused_in_words() {
    let mut around = Surroundings::default();
    let Some(dokku) = Appliance::start() else { return };
    let hello = Repository::of("hello");
    let mut kinds: Vec<&[&str]> =
        vec![&["--internal"], &["-d", "macvlan"], &["--ipv6", "--subnet=fd00:77::/64"]];
    // A name before and one behind the appliance's own network.
    while let Some(kind) = kinds.pop() {
        for word in ["a-kind", "z-kind"] {
            let (app, network) = (dokku.app(word), around.network(word));
            let made = docker(&[&["network", "create"], kind, &[network.as_str()]].concat());
            if made.status != 0 {
                println!("SKIPPED {kind:?}: {made}");
                continue;
            }
            dokku.ssh(&["apps:create", &app]).ok();
            dokku.ssh(&["network:set", &app, "initial-network", &network]).ok();
            dokku.push(&hello, &app).ok();
            dokku.wait_page(&app, "pushed with git");
            println!("{kind:?} {word}: the appliance is in {:?}", networks_of(&dokku.name()));
            dokku.ssh(&["apps:destroy", "--force", &app]).ok();
            dokku.ssh(&["network:destroy", "--force", &network]).ok();
        }
    }

    let none = dokku.app("none");
    dokku.ssh(&["apps:create", &none]).ok();
    dokku.ssh(&["network:set", &none, "initial-network", "none"]).ok();
    dokku.push(&hello, &none).fails().says("has no network (none)");

    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let (host, repository) = (dokku.app("host"), Repository::of("hello"));
    let dockerfile = format!(
        "FROM busybox:latest\nCOPY www /www\nEXPOSE {port}\nCMD [\"httpd\", \"-f\", \"-p\", \"{port}\", \"-h\", \"/www\"]\n"
    );
    repository.write("Dockerfile", &dockerfile).commit("a port of the host");
    dokku.ssh(&["apps:create", &host]).ok();
    dokku.ssh(&["docker-options:add", &host, "deploy", "--network=host"]).ok();
    dokku.push(&repository, &host).ok();
    dokku.wait_page(&host, "pushed with git");
}

#[test]
fn a_domain_leads_to_a_service_that_is_not_dokkus() {
    if !is_wanted() {
        return;
    }
    let mut around = Surroundings::default();
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let Some(dokku) = Appliance::start() else { return };
    around.service(&["--network=host"], &port.to_string(), "on the host");
    let network = around.network("zzz");
    docker(&["network", "create", &network]).ok();
    let service = around.service(&["--network", &network], "80", "in a network of its own");
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    let address = docker(&["inspect", "--format", format, &service]).ok().out.trim().to_owned();

    let app = dokku.app("legacy");
    dokku.ssh(&["apps:create", &app]).ok();
    dokku.ssh(&["builder:set", &app, "selected", "null"]).ok();
    dokku.ssh(&["config:set", &app, "DOKKU_SCHEDULER=null"]).ok().says("DOKKU_SCHEDULER is a property today");
    dokku
        .ssh(&["network:set", &app, "static-web-listener", &format!("127.0.0.1:{port}")])
        .ok()
        .never_says("Nothing answers");
    dokku.ssh(&["ports:set", &app, &format!("http:80:{port}")]).ok();
    dokku.wait_page(&app, "on the host");
    dokku
        .ssh(&["network:set", &app, "static-web-listener", &format!("{address}:80")])
        .ok()
        .never_says("Nothing answers");
    // The proxy goes to the container port of the mapping, as in Dokku.
    dokku.ssh(&["ports:set", &app, "http:80:80"]).ok();
    dokku.wait_page(&app, "in a network of its own");
    // Nobody else is in that network: the appliance stays there for its sake.
    dokku.dokku(&["network:tend"]).ok();
    dokku.wait_page(&app, "in a network of its own");

    let loopback = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = loopback.local_addr().expect("bound").port();
    dokku
        .ssh(&["network:set", &app, "static-web-listener", &format!("localhost:{port}")])
        .ok()
        .says("Nothing answers at localhost")
        .says("cannot be reached from there: let it listen on 172.");
    dokku.ssh(&["network:report", &app, "--network-web-listeners"]).ok().says(&format!("localhost:{port}"));
    until_true(1, "the listener was held until here", || loopback.local_addr().is_ok());
}
