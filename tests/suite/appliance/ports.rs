//! Ports beyond those of the web: bytes, datagrams, names over TLS, paths of other processes; and ports that the run line
//! of the appliance does not publish.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::appliance::{Options, docker, free_port, image, is_wanted};
use crate::support::authority::{Authority, Issued};
use crate::support::shell::{Ran, run};
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// Answers a request of HTTP with the words it was given, the first line, and for whom the request came.
const PAGE: &str = r#"#!/bin/bash
while read -r line; do
  line=${line%$'\r'}
  case $line in
    '') break ;;
    GET*) asked=$line ;;
    X-Forwarded-For:*) from=$line ;;
  esac
done
body="$* | $asked | $from"
printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' "${#body}" "$body"
"#;

/// An app whose web process speaks HTTP, bytes and datagrams, beside a worker that speaks HTTP.
fn talker(word: &str) -> Repository {
    let repository = Repository::empty();
    let web = format!(
        "#!/bin/bash\nsocat TCP-LISTEN:5432,fork,reuseaddr SYSTEM:'echo bytes of {word}; cat' &\n\
         socat UDP-LISTEN:5353,fork EXEC:cat &\n\
         exec socat TCP-LISTEN:5000,fork,reuseaddr SYSTEM:'/page web {word}'\n"
    );
    let worker = "#!/bin/bash\nexec socat TCP-LISTEN:3000,fork,reuseaddr SYSTEM:'/page worker'\n";
    repository.write("page", PAGE).write("web", &web).write("worker", worker);
    repository.write("Procfile", "web: /web\nworker: /worker\n");
    let dockerfile = format!(
        "FROM {}\nHEALTHCHECK NONE\nCOPY page web worker Procfile /\nRUN chmod 755 /page /web /worker\nEXPOSE 5000\n",
        image()
    );
    repository.write("Dockerfile", &dockerfile).commit("talks");
    repository
}

/// The first line that comes, of whoever listens.
fn first_line(port: u16) -> std::io::Result<String> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut line = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte)? == 1 && byte != [b'\n'] {
        line.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// What comes back for a datagram.
fn echo(port: u16, words: &str) -> std::io::Result<String> {
    let socket = UdpSocket::bind(("127.0.0.1", 0))?;
    socket.set_read_timeout(Some(Duration::from_secs(3)))?;
    socket.connect(("127.0.0.1", port))?;
    socket.send(words.as_bytes())?;
    let mut answer = [0; 100];
    let length = socket.recv(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}

#[test]
fn bytes_datagrams_and_paths_lead_to_processes() {
    if !is_wanted() {
        return;
    }
    let (tcp, udp) = (free_port(), free_port());
    let extra = ["-p".to_owned(), format!("{tcp}:5432"), "-p".to_owned(), format!("{udp}:53/udp")].into();
    let Some(dokku) = Appliance::with(Options { extra, ..Options::default() }) else { return };
    let (app, other) = (dokku.app("talker"), dokku.app("other"));
    let repository = talker("one");
    dokku.ssh(&["apps:create", &app]).ok();
    dokku.ssh(&["ps:scale", "--skip-deploy", &app, "web=1", "worker=1"]).ok();
    dokku.ssh(&["ports:set", &app, "http:80:5000", "tcp:5432:5432", "udp:53:5353"]).ok();
    dokku.ssh(&["ports:add", &app, "http:80:/ws=worker:3000"]).ok();
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "web one | GET / ");
    let page = |path: &str| dokku.get(&app, path).expect("an answer").body;
    until_true(20, "the worker is routed to", || page("/ws/room").starts_with("worker | GET /ws/room "));
    assert!(page("/ws").starts_with("worker") && page("/wsx").starts_with("web"));
    assert_eq!(first_line(tcp).expect("a line"), "bytes of one");
    assert_eq!(echo(udp, "hello").expect("an answer"), "hello");

    dokku.ssh(&["apps:create", &other]).ok();
    for map in ["tcp:5432:5432", "http:5432:5000"] {
        dokku.ssh(&["ports:add", &other, map]).fails().says(&format!("Port 5432 belongs to {app}"));
    }
    dokku.ssh(&["ports:report", &other, "--ports-map"]).ok().never_says("5432");
    dokku.ssh(&["ports:list", &app]).ok().says("http           80/ws      worker:3000");

    // Another release: nobody is turned away, and who connects afterwards meets the new one.
    let stop = Arc::new(AtomicBool::new(false));
    let (asked, failed) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let client = {
        let (stop, asked, failed) = (Arc::clone(&stop), Arc::clone(&asked), Arc::clone(&failed));
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                asked.fetch_add(1, Ordering::Relaxed);
                if !first_line(tcp).is_ok_and(|line| line.starts_with("bytes of ")) {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
                thread::sleep(Duration::from_millis(20));
            }
        })
    };
    let web = "#!/bin/bash\nsocat TCP-LISTEN:5432,fork,reuseaddr SYSTEM:'echo bytes of two; cat' &\n\
               exec socat TCP-LISTEN:5000,fork,reuseaddr SYSTEM:'/page web two'\n";
    repository.write("web", web).commit("again");
    dokku.push(&repository, &app).ok();
    until_true(20, "the new release is met", || first_line(tcp).is_ok_and(|line| line == "bytes of two"));
    stop.store(true, Ordering::Relaxed);
    client.join().expect("no panic");
    let (asked, failed) = (asked.load(Ordering::Relaxed), failed.load(Ordering::Relaxed));
    assert!(asked > 20 && failed == 0, "{failed} of {asked} connections failed");

    dokku.ssh(&["ports:remove", &app, "5432"]).ok();
    assert!(!first_line(tcp).is_ok_and(|line| line.starts_with("bytes")), "the port is given back");
    dokku.ssh(&["ports:add", &other, "tcp:5432:5432"]).ok();
}

#[test]
fn apps_share_a_port_of_bytes_by_their_names_over_tls() {
    let Some(dokku) = Appliance::start() else { return };
    let ca = Authority::new("Authority of the test");
    let apps = [dokku.app("first"), dokku.app("second")];
    for app in &apps {
        dokku.ssh(&["apps:create", app]).ok();
        dokku.ssh(&["domains:set", app, &format!("{app}.example.com")]).ok();
        let Issued { certificate, key } = ca.issue(&format!("{app}.example.com"), (2025, 2035));
        for (name, text) in [("server.crt", format!("{certificate}{}", ca.certificate)), ("server.key", key)]
        {
            let path = format!("/tmp/{app}-{name}");
            dokku.inside_with(&["sh", "-c", &format!("cat >{path}; chmod 644 {path}")], text.as_bytes()).ok();
        }
        let files = ["crt", "key"].map(|end| format!("/tmp/{app}-server.{end}"));
        dokku.dokku(&["certs:add", app, &files[0], &files[1]]).ok();
        dokku.ssh(&["ports:set", app, "http:80:5000", "https:443:5000", "tls+tcp:8883:5432"]).ok();
        dokku.push(&talker(app), app).ok();
    }
    let ask = |name: &str| -> Ran {
        let line =
            format!("(sleep 1) | timeout 10 openssl s_client -quiet -connect 127.0.0.1:8883 {name} 2>&1");
        dokku.inside(&["sh", "-c", &line])
    };
    for app in &apps {
        ask(&format!("-servername {app}.example.com")).says(&format!("bytes of {app}"));
    }
    ask("-servername nobody.example.com").says("unrecognized name").never_says("bytes of");
    ask("-noservername").never_says("bytes of");
    let [first, second] = &apps;
    dokku.ssh(&["certs:remove", first]).ok();
    ask(&format!("-servername {first}.example.com")).never_says("bytes of");
    ask(&format!("-servername {second}.example.com")).says("bytes of");
}

#[test]
fn a_plugin_with_a_block_of_its_own_for_bytes_stops_no_route() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("hello");
    dokku.push(&Repository::of("hello"), &app).ok();
    dokku.ssh(&["ports:add", &app, "http:80:5000", "tcp:5432:5000"]).ok();
    let speaks = || dokku.inside(&["curl", "-sS", "--max-time", "5", "http://127.0.0.1:5432/"]);
    speaks().ok().says("pushed with git");
    // As dokku-nginx-stream does.
    let block = "echo 'stream { include /etc/nginx/app-stream/*.conf; }' >>/etc/nginx/nginx.conf";
    dokku.inside(&["sh", "-c", block]).ok();
    dokku.ssh(&["domains:add", &app, "more.example.com"]).ok();
    dokku.dokku(&["nginx:reload"]).ok();
    dokku.wait_page(&app, "pushed with git");
    speaks().fails();
    docker(&["restart", &dokku.name()]).ok();
    dokku.wait_healthy();
    dokku.wait_page(&app, "pushed with git");
}

/// A client whose address nobody else has, as one who comes from outside: a network namespace, a cable to the host.
struct Outsider {
    name: String,
    net: u8,
}

impl Outsider {
    fn new() -> Self {
        let net = u8::try_from(std::process::id() % 200).expect("below 200") + 20;
        let outsider = Outsider { name: format!("out{net}"), net };
        let (name, host, inner) = (&outsider.name, format!("outh{net}"), format!("outc{net}"));
        for words in [
            format!("ip netns add {name}"),
            format!("ip link add {host} type veth peer name {inner}"),
            format!("ip link set {inner} netns {name}"),
            format!("ip addr add 10.214.{net}.1/24 dev {host}"),
            format!("ip link set {host} up"),
            format!("ip netns exec {name} ip addr add 10.214.{net}.2/24 dev {inner}"),
            format!("ip netns exec {name} ip link set {inner} up"),
        ] {
            run(10, &words.split(' ').collect::<Vec<_>>(), &[], b"").ok();
        }
        outsider
    }

    fn address(&self) -> String {
        format!("10.214.{}.2", self.net)
    }

    fn run(&self, words: &[&str]) -> Ran {
        run(20, &[&["ip", "netns", "exec", &self.name][..], words].concat(), &[], b"")
    }

    /// A page, by name and port.
    fn page(&self, name: &str, port: u16) -> Ran {
        let url = format!("http://10.214.{}.1:{port}/", self.net);
        self.run(&["curl", "-sS", "--max-time", "5", "--noproxy", "*", "-H", &format!("Host: {name}"), &url])
    }

    /// The first line that comes.
    fn line(&self, port: u16) -> Ran {
        let script =
            format!("exec 3<>/dev/tcp/10.214.{}.1/{port}; read -r -t 5 line <&3; echo \"$line\"", self.net);
        self.run(&["bash", "-c", &script])
    }
}

impl Drop for Outsider {
    fn drop(&mut self) {
        run(10, &["ip", "netns", "delete", &self.name], &[], b"");
    }
}

fn forwarders(dokku: &Appliance) -> Vec<String> {
    let filters = [format!("label=dokku.test.run={}", dokku.run), "label=com.dokku.forwarder".to_owned()];
    let line = ["ps", "--filter", &filters[0], "--filter", &filters[1], "--format", "{{.Names}}"];
    let mut names: Vec<String> = docker(&line).ok().out.lines().map(str::to_owned).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_port_that_is_not_published_is_published_beside_the_appliance() {
    let Some(dokku) = Appliance::start() else { return };
    let outsider = Outsider::new();
    let (app, other) = (dokku.app("talker"), dokku.app("other"));
    let (http, tcp, udp) = (free_port(), free_port(), free_port());
    let maps = [format!("http:{http}:5000"), format!("tcp:{tcp}:5432"), format!("udp:{udp}:5353")];
    let repository = talker("one");
    for app in [&app, &other] {
        dokku.ssh(&["apps:create", app]).ok();
    }
    dokku.ssh(&["ports:set", &app, "http:80:5000", &maps[0], &maps[1], &maps[2]]).ok();
    dokku.push(&repository, &app).ok();
    dokku.ssh(&["ports:set", &other, "http:80:5000", &maps[0]]).ok();
    dokku.push(&talker("other"), &other).ok();
    let names = forwarders(&dokku);
    let mut wanted = [(http, "tcp"), (tcp, "tcp"), (udp, "udp")]
        .map(|(port, kind)| format!("{}.port-{port}-{kind}", dokku.name()));
    wanted.sort_unstable();
    assert_eq!(names, wanted, "one for each port, whoever needs it");

    let from = outsider.address();
    let meets_all = || {
        let name = format!("{app}.localhost");
        until_true(30, "the port answers", || outsider.page(&name, http).out.contains("web one"));
        outsider.page(&name, http).ok().says(&format!("X-Forwarded-For: {from}"));
        outsider.page(&format!("{other}.localhost"), http).ok().says("web other").says(&from);
        outsider.line(tcp).ok().says("bytes of one");
        until_true(10, "the log names the client", || {
            let log = dokku.inside(&["cat", &format!("/var/log/nginx/{app}-access.log")]).ok().out;
            log.lines().any(|line| line.starts_with(&from) && line.contains(&format!(" TCP {tcp} ")))
        });
        assert_eq!(echo(udp, "hello").expect("an answer"), "hello");
        // Inside, the container's own name leads past where forwarders hand over.
        let page = format!("curl -sS -H 'Host: {app}.localhost' http://$(hostname -f):{http}/");
        dokku.inside(&["sh", "-c", &page]).ok().says("web one");
    };
    meets_all();
    dokku.ssh(&["urls", &app]).ok().says(&format!(":{http}"));

    // Who is no forwarder cannot say that he comes for somebody else.
    let inside = docker(&["inspect", "--format", "{{.NetworkSettings.IPAddress}}", &dokku.name()]).ok().out;
    let line = [
        "run",
        "--rm",
        "--entrypoint",
        "curl",
        &image(),
        "-sS",
        "--haproxy-protocol",
        "--haproxy-clientip",
        "6.6.6.6",
    ];
    let url = format!("http://{}:{http}/", inside.trim());
    docker(&[&line[..], &["-H", &format!("Host: {app}.localhost"), &url]].concat()).never_says("6.6.6.6");

    // A restart, an upgrade (another container), a host that forgot a forwarder.
    docker(&["restart", &dokku.name()]).ok();
    dokku.wait_healthy();
    meets_all();
    docker(&["rm", "-f", &dokku.name(), &names[0]]).ok();
    dokku.boot();
    dokku.wait_healthy();
    until_true(60, "forwarders are back", || forwarders(&dokku) == names);
    meets_all();

    dokku.ssh(&["ports:remove", &app, &maps[0], &maps[1]]).ok();
    assert_eq!(forwarders(&dokku).len(), 2, "another app needs the one of HTTP");
    dokku.ssh(&["ports:clear", &other]).ok();
    dokku.ssh(&["ports:clear", &app]).ok();
    assert_eq!(forwarders(&dokku), Vec::<String>::new());
}

#[test]
fn a_port_that_cannot_be_published_changes_nothing() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("plain");
    dokku.ssh(&["apps:create", &app]).ok();
    dokku.ssh(&["ports:set", &app, "http:80:5000"]).ok();
    let unchanged = || {
        dokku.ssh(&["ports:report", &app, "--ports-map"]).ok().says("http:80:5000").never_says("tcp:");
        assert_eq!(forwarders(&dokku), Vec::<String>::new());
    };
    let held = TcpListener::bind(("0.0.0.0", 0)).expect("a port");
    let port = held.local_addr().expect("it is bound").port();
    let map = format!("tcp:{port}:5432");
    dokku.ssh(&["ports:add", &app, &map]).fails().says(&format!("Port {port}/tcp of the host is taken"));
    unchanged();
    dokku.dokku(&["proxy:set", "--global", "publish-ports", "false"]).ok();
    let map = format!("udp:{port}:5353");
    let flag = format!("-p {port}:{port}/udp");
    dokku.ssh(&["ports:add", &app, &map]).fails().says(&flag).says("publish-ports");
    unchanged();
    dokku.ssh(&["proxy:report", &app]).ok().says("publish ports");
    dokku.ssh(&["proxy:set", &app, "publish-ports", "true"]).ok();
    dokku.ssh(&["ports:add", &app, &map]).ok();
    assert_eq!(forwarders(&dokku).len(), 1);
    dokku.ssh(&["apps:destroy", "--force", &app]).ok();
    assert_eq!(forwarders(&dokku), Vec::<String>::new());
}
