//! The proxy of the real image: what one app gets wrong, and what travels through a site.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::support::appliance::{Options, docker, free_port, is_wanted};
use crate::support::authority::Authority;
use crate::support::backends;
use crate::support::shell::{Ran, run};
use crate::support::{Appliance, Repository};

/// A template that is sound as long as nobody sets MODE.
const FRAGILE: &str = "server {\n  listen {{ .PROXY_PORT }};\n  server_name {{ .NOSSL_SERVER_NAME }};\n\
    \x20 {{ if var \"MODE\" }}lissen 80;{{ end }}\n\
    \x20 location / { proxy_pass http://{{ .APP }}-own; }\n}\nupstream {{ .APP }}-own {\n\
    {{ range .DOKKU_APP_WEB_LISTENERS | split \" \" }}  server {{ . }};\n{{ end }}}\n";

/// An image that serves a page; removed with the value.
struct PageImage(String);

impl PageImage {
    fn build(run: &str) -> Self {
        let name = format!("page-{run}:1");
        let folder = tempfile::tempdir().expect("a folder");
        let dockerfile = "FROM busybox:latest\nRUN mkdir /w && echo 'one of fifty' >/w/index.html\n\
            CMD [\"sh\", \"-c\", \"exec httpd -f -p $PORT -h /w\"]\n";
        std::fs::write(folder.path().join("Dockerfile"), dockerfile).expect("a file");
        docker(&["build", "-q", "-t", &name, &folder.path().display().to_string()]).ok();
        PageImage(name)
    }
}

impl Drop for PageImage {
    fn drop(&mut self) {
        docker(&["rmi", "-f", &self.0]);
    }
}

#[test]
fn of_fifty_apps_three_broken_ones_keep_no_other_from_serving() {
    let Some(dokku) = Appliance::start() else { return };
    let image = PageImage::build(&dokku.run);
    let make = |app: &str| {
        dokku.dokku(&["apps:create", app]).ok();
        dokku.dokku(&["checks:set", app, "wait-to-retire", "1"]);
        dokku.dokku(&["git:from-image", app, &image.0]).ok();
        dokku.wait_page(app, "one of fifty");
    };

    let fragile = dokku.app("fragile");
    let repository = Repository::of("hello");
    repository.write("nginx.conf.sigil", FRAGILE).commit("a template of its own");
    dokku.push(&repository, &fragile).ok().says("(using app-supplied template)");
    dokku.wait_page(&fragile, "pushed with git");
    let (secured, littered) = (dokku.app("secured"), dokku.app("littered"));
    make(&secured);
    make(&littered);
    let issued = Authority::new("Authority of the test").issue(&format!("{secured}.localhost"), (2025, 2035));
    for (name, text) in [("c", &issued.certificate), ("k", &issued.key)] {
        dokku.inside_with(&["tee", &format!("/tmp/{name}")], text.as_bytes()).ok();
    }
    // Put there as a plugin would: the chain of the test's authority is nobody's business here.
    let tls = format!("/home/dokku/{secured}/tls");
    let place = format!(
        "mkdir -p {tls} && cp /tmp/c {tls}/server.crt && cp /tmp/k {tls}/server.key && chown -R dokku:dokku {tls}"
    );
    dokku.inside(&["sh", "-c", &place]).ok();
    dokku.dokku(&["ports:set", &secured, "http:80:5000", "https:443:5000"]).ok();
    dokku.dokku(&["nginx:validate-config"]).ok();

    // Each of the three breaks behind the appliance's back.
    dokku.dokku(&["config:set", "--no-restart", &fragile, "MODE=new"]).ok();
    dokku.inside(&["rm", "-r", &tls]).ok();
    let litter = format!("/home/dokku/{littered}/nginx.conf.d/litter.conf");
    dokku.inside_with(&["tee", &litter], b"@@ garbage").ok();
    for app in [&fragile, &littered] {
        dokku.dokku(&["proxy:build-config", app]).fails();
    }
    repository.write("nginx.conf.sigil", "server {{ nonsense }}").commit("worse");
    dokku.push(&repository, &fragile).fails().says("Pre-validating custom nginx.conf.sigil").says("nonsense");

    let names: Vec<String> = (4..=50).map(|number| dokku.app(&format!("good{number}"))).collect();
    thread::scope(|scope| {
        for some in names.chunks(12) {
            scope.spawn(|| some.iter().for_each(|name| make(name)));
        }
    });
    let named = |ran: &Ran| -> Vec<String> {
        let lines = ran.err.lines().filter(|line| line.contains("Failed to validate"));
        let mut apps: Vec<String> = lines
            .filter_map(|line| line.split_whitespace().find(|word| word.contains(&dokku.run)))
            .map(|word| word.trim_end_matches(['.', ':']).to_owned())
            .collect();
        apps.sort_unstable();
        apps
    };
    let told = dokku.dokku(&["nginx:validate-config"]).fails();
    assert_eq!(named(&told), [fragile.clone(), littered.clone(), secured.clone()], "{told}");
    let reload = dokku.dokku(&["nginx:reload"]).fails().says(&littered).says(&secured);
    assert!(names.iter().all(|name| !reload.text().contains(name)), "{reload}");

    dokku.docker(&["restart", &dokku.name()]).ok();
    dokku.wait_healthy();
    for name in &names {
        dokku.wait_page(name, "one of fifty");
    }
    // What was sound last still serves for those as well.
    dokku.wait_page(&fragile, "pushed with git");
    dokku.wait_page(&littered, "one of fifty");
    for app in names.iter().chain([&fragile, &littered, &secured]) {
        dokku.dokku(&["apps:destroy", "--force", app]).ok();
    }
}

#[test]
fn what_belongs_to_no_app_is_tested_by_a_reload_too() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.ssh(&["nginx:reload"]).ok();
    dokku.inside_with(&["tee", "/etc/nginx/conf.d/broken.conf"], b"nonsense").ok();
    dokku.ssh(&["nginx:reload"]).fails().says("broken.conf");
    dokku.inside(&["rm", "/etc/nginx/conf.d/broken.conf"]).ok();
    let site = b"server {\n  listen 80;\n  server_name site.test;\n  return 200 \"no app\";\n}\n";
    dokku.inside_with(&["tee", "/etc/nginx/sites-enabled/default"], site).ok();
    dokku.ssh(&["nginx:reload"]).ok();
    let answer = crate::support::http::get(dokku.ports[1], "site.test", "/").expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (200, "no app"));

    // That site would answer whoever asks for an address.
    let app = dokku.app("addressed");
    dokku.ssh(&["domains:set-global", "127.0.0.1"]).ok();
    dokku
        .push(&Repository::of("hello"), &app)
        .ok()
        .says("Detected IPv4 domain name with nginx proxy enabled.");
}

/// An app whose one domain leads to a port of this machine.
fn service(dokku: &Appliance, word: &str, port: u16, maps: &[&str]) -> String {
    let app = dokku.app(word);
    dokku.dokku(&["apps:create", &app]).ok();
    for key in ["builder:set", "scheduler:set"] {
        dokku.dokku(&[key, &app, "selected", "null"]).ok();
    }
    dokku.dokku(&["network:set", &app, "static-web-listener", &format!("127.0.0.1:{port}")]).ok();
    dokku.dokku(&[&["ports:set", app.as_str()], maps].concat()).ok();
    app
}

/// Sends five bytes and shows the version, the status, and what came back.
fn call(scheme: &str, app: &str, port: u16, words: &[&str]) -> Ran {
    let url = format!("{scheme}://{app}.localhost:{port}/echo.Echo/Say");
    let resolve = format!("{app}.localhost:{port}:127.0.0.1");
    let mut line =
        vec!["curl", "-ksS", "-m", "10", "--noproxy", "*", "--resolve", &resolve, "--data-binary", "hello"];
    line.extend(["-H", "content-type: application/grpc", "-H", "te: trailers", "-D", "-"]);
    line.extend(["-w", " HTTP/%{http_version} %{http_code}"]);
    line.extend(words);
    line.push(&url);
    run(30, &line, &[], b"")
}

#[test]
fn grpc_websockets_and_http2_go_through() {
    if !is_wanted() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let grpc_port = runtime.block_on(async { backends::grpc() });
    let own = free_port();
    let publish = format!("{own}:50051");
    let options = Options { extra: vec!["-p".to_owned(), publish], ..Options::default() };
    let Some(dokku) = Appliance::with(options) else { return };
    let ca = Authority::new("Authority of the test");

    let to = |scheme: &str, port: u16| format!("{scheme}:{port}:{grpc_port}");
    let (own_map, shared, tls) = (to("grpc", 50051), to("grpc", 80), to("grpcs", 443));
    let calls = service(&dokku, "calls", grpc_port, &[&own_map, &shared]);
    let echoed = |ran: Ran| drop(ran.ok().says("hello").says(" HTTP/2 200").says("grpc-status: 0"));
    // On a port of its own, and on the one that all apps share.
    echoed(call("http", &calls, own, &["--http2-prior-knowledge"]));
    echoed(call("http", &calls, dokku.ports[1], &["--http2-prior-knowledge"]));
    secure(&dokku, &calls, &ca);
    dokku.dokku(&["ports:set", &calls, &tls]).ok();
    echoed(call("https", &calls, dokku.ports[2], &["--http2"]));

    let web_port = backends::upgrading();
    let (http, https) = (format!("http:80:{web_port}"), format!("https:443:{web_port}"));
    let chat = service(&dokku, "chat", web_port, &[&http]);
    assert_eq!(talk(dokku.ports[1], &chat), "ping");
    let litter = format!("/home/dokku/{chat}/nginx.conf.d/real-ip.conf");
    let snippet = b"set_real_ip_from 0.0.0.0/0;\nreal_ip_header X-Seen-From;\n";
    dokku.inside_with(&["tee", &litter], snippet).ok();
    dokku.dokku(&["nginx:set", &chat, "underscore-in-headers", "on"]).ok();
    dokku.dokku(&["nginx:set", &chat, "client-max-body-size", "6"]).ok();
    dokku.dokku(&["nginx:set", &chat, "access-log-path", "/var/log/nginx/chat.log"]).ok();
    dokku.dokku(&["nginx:set", &chat, "access-log-format", "combined"]).ok();
    dokku.dokku(&["proxy:build-config", &chat]).ok();
    let asked = visit(&dokku, &chat, &["-H", "X-Seen-From: 198.51.100.7", "-H", "under_score: kept"]).ok();
    asked.says("X-Forwarded-For: 198.51.100.7").says("under_score: kept");
    let too_large = |ran: Ran| drop(ran.ok().says(" 413").says("This request was not understood"));
    too_large(visit(&dokku, &chat, &["-d", "too much"]));
    dokku.inside(&["cat", "/var/log/nginx/chat.log"]).ok().says("198.51.100.7 - - [");
    secure(&dokku, &chat, &ca);
    dokku.dokku(&["ports:set", &chat, &http, &https]).ok();
    too_large(call("https", &chat, dokku.ports[2], &["--http2", "-d", "too much"]));
    call("https", &chat, dokku.ports[2], &["--http2"])
        .ok()
        .says("HTTP/2 200")
        .says("strict-transport-security");

    // Nobody listens there; and whoever runs the server words the page.
    let nobody = free_port();
    let dead = service(&dokku, "dead", nobody, &[&format!("http:80:{nobody}")]);
    let page = "/var/lib/dokku/data/nginx-vhosts/dokku-errors/500-error.html";
    dokku.inside_with(&["tee", page], b"back at noon").ok();
    let answer = dokku.get(&dead, "/").expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (502, "back at noon"));
}

fn secure(dokku: &Appliance, app: &str, ca: &Authority) {
    let issued = ca.issue(&format!("{app}.localhost"), (2025, 2035));
    let chain = format!("{}{}", issued.certificate, ca.certificate);
    for (name, text) in [("c", &chain), ("k", &issued.key)] {
        dokku.inside_with(&["tee", &format!("/tmp/{name}")], text.as_bytes()).ok();
    }
    dokku.dokku(&["certs:add", app, "/tmp/c", "/tmp/k"]).ok();
}

fn visit(dokku: &Appliance, app: &str, words: &[&str]) -> Ran {
    let (host, url) = (format!("Host: {app}.localhost"), format!("http://127.0.0.1:{}/", dokku.ports[1]));
    let line = [&["curl", "-sSi", "-m", "10", "--noproxy", "*", "-H", host.as_str()], words, &[url.as_str()]]
        .concat();
    run(30, &line, &[], b"")
}

/// Opens a WebSocket, says something on it, and returns what comes back.
fn talk(port: u16, app: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
    let head = format!(
        "GET /chat HTTP/1.1\r\nHost: {app}.localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut answer = String::new();
    while reader.read_line(&mut answer).expect("an answer") > 2 {}
    assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
    stream.write_all(b"ping").expect("sent");
    let mut back = [0; 4];
    reader.read_exact(&mut back).expect("an echo");
    String::from_utf8_lossy(&back).into_owned()
}
