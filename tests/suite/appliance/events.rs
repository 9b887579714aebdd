//! What happens to containers between deploys: they end, come back elsewhere, and others get their addresses.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::appliance::{Options, docker, free_port, is_wanted, run_id};
use crate::support::engine::Engine;
use crate::support::http::get;
use crate::support::wait::{until, until_true};
use crate::support::{Appliance, Repository};

/// An app whose page is its own word, and which ends with status 7 once there is a file `/die` in its container.
fn deploy(dokku: &Appliance, word: &str) -> String {
    let app = dokku.app(word);
    let repository = Repository::of("hello");
    let script = "httpd -p $PORT -h /www; while [ ! -e /die ]; do sleep 0.1; done; echo cannot go on; exit 7";
    let dockerfile = format!("FROM busybox:latest\nCOPY www /www\nCMD [\"sh\", \"-c\", \"{script}\"]\n");
    repository
        .write("www/index.html", &format!("this is {word}"))
        .write("Dockerfile", &dockerfile)
        .commit("a page of its own");
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, &format!("this is {word}"));
    app
}

fn is_up(dokku: &Appliance, app: &str) -> bool {
    dokku.get(app, "/").is_ok_and(|answer| answer.status == 200)
}

/// Waits until an app says its own word at this port.
#[track_caller]
fn answers(port: u16, app: &str, word: &str) {
    until_true(60, &format!("{word} answers at port {port}"), || {
        get(port, &format!("{app}.localhost"), "/")
            .is_ok_and(|answer| answer.body.contains(&format!("this is {word}")))
    });
}

/// True while no route leads to the app's container.
fn leads_nowhere(dokku: &Appliance, app: &str) -> bool {
    dokku.inside(&["cat", &format!("/home/dokku/{app}/IP.web.1")]).ok().out.is_empty()
}

fn address(dokku: &Appliance, container: &str) -> String {
    dokku.docker(&["inspect", "-f", "{{.NetworkSettings.IPAddress}}", container]).ok().out.trim().to_owned()
}

/// Asks for pages of apps again and again; a page that is another's is remembered.
///
/// Not in the moment between a container's end and its route's: the engine may give the address to another container
/// (of a story beside this one) before anybody can have heard of the end.
struct Visitor {
    stop: Arc<AtomicBool>,
    looks_away: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<Vec<String>>>,
}

impl Visitor {
    fn of(dokku: &Appliance, pages: &[(&str, &str)]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let looks_away = Arc::new(AtomicBool::new(false));
        let (stopped, away, port) = (Arc::clone(&stop), Arc::clone(&looks_away), dokku.ports[1]);
        let pages: Vec<(String, String)> =
            pages.iter().map(|(app, word)| (format!("{app}.localhost"), format!("this is {word}"))).collect();
        let thread = std::thread::spawn(move || {
            let mut wrong = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                for (host, words) in &pages {
                    let was_away = away.load(Ordering::Relaxed);
                    if let Ok(answer) = get(port, host, "/")
                        && answer.status == 200
                        && !answer.body.contains(words)
                        && !was_away
                        && !away.load(Ordering::Relaxed)
                    {
                        wrong.push(format!("{host}: {}", answer.body));
                    }
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            wrong
        });
        Visitor { stop, looks_away, thread: Some(thread) }
    }

    fn looks_away(&self, away: bool) {
        self.looks_away.store(away, Ordering::Relaxed);
    }

    /// Nobody was ever shown another's page.
    #[track_caller]
    fn saw_no_stranger(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let wrong = self.thread.take().expect("asked once").join().expect("it does not panic");
        assert!(wrong.is_empty(), "{} pages of others, the first: {}", wrong.len(), wrong[0]);
    }
}

#[test]
fn routes_follow_within_a_second_and_never_lead_to_a_stranger() {
    let Some(dokku) = Appliance::start() else { return };
    let (red, blue) = (deploy(&dokku, "red"), deploy(&dokku, "blue"));
    let visitor = Visitor::of(&dokku, &[(&red, "red"), (&blue, "blue")]);
    let (red_web, blue_web) = (format!("{red}.web.1"), format!("{blue}.web.1"));
    let before = [address(&dokku, &red_web), address(&dokku, &blue_web)];

    // They swap addresses. Nothing leads to one that is down before another can have its address.
    let killed = Instant::now();
    visitor.looks_away(true);
    dokku.docker(&["kill", &red_web, &blue_web]).ok();
    until_true(20, "nothing leads to them", || leads_nowhere(&dokku, &red) && leads_nowhere(&dokku, &blue));
    eprintln!("nothing led to them {} ms later", killed.elapsed().as_millis());
    until_true(20, "they answer no more", || [&red, &blue].iter().all(|app| !is_up(&dokku, app)));
    visitor.looks_away(false);
    dokku.docker(&["start", &blue_web]).ok();
    dokku.docker(&["start", &red_web]).ok();
    let started = Instant::now();
    dokku.wait_page(&red, "this is red");
    dokku.wait_page(&blue, "this is blue");
    let took = started.elapsed();
    let after = [address(&dokku, &red_web), address(&dokku, &blue_web)];
    eprintln!("{before:?} became {after:?}; all answer {} ms after the last start", took.as_millis());
    assert!(took < Duration::from_secs(10), "{took:?}");

    // A stranger gets the address of one that is gone.
    let stranger = format!("stranger-{}", run_id());
    visitor.looks_away(true);
    dokku.docker(&["kill", &red_web]).ok();
    until_true(20, "nothing leads to red", || leads_nowhere(&dokku, &red) && !is_up(&dokku, &red));
    visitor.looks_away(false);
    let script = "mkdir /w; echo this is a stranger >/w/index.html; exec httpd -f -p 5000 -h /w";
    dokku.docker(&["run", "-d", "--name", &stranger, "busybox:latest", "sh", "-c", script]).ok();
    let taken = address(&dokku, &stranger);
    let serves =
        || dokku.docker(&["exec", &stranger, "wget", "-q", "-O-", "http://127.0.0.1:5000/"]).status == 0;
    until_true(10, "the stranger serves", serves);
    dokku.docker(&["start", &red_web]).ok();
    dokku.wait_page(&red, "this is red");
    dokku.docker(&["rm", "-f", &stranger]).ok();
    eprintln!("the stranger had {taken}, red had {}", after[0]);
    visitor.saw_no_stranger();
    // What somebody ended through the engine is told as such.
    dokku.ssh(&["ps:history", &red]).ok().says("SIGKILL was sent through the engine");
}

#[test]
fn a_change_of_network_is_followed() {
    let Some(dokku) = Appliance::start() else { return };
    let app = deploy(&dokku, "moves");
    let (web, network) = (format!("{app}.web.1"), format!("elsewhere-{}", run_id()));
    docker(&["network", "create", &network]).ok();
    docker(&["network", "connect", &network, &web]).ok();
    docker(&["network", "disconnect", "bridge", &web]).ok();
    until_true(20, "the route has followed", || {
        let ip = dokku.inside(&["cat", &format!("/home/dokku/{app}/IP.web.1")]).out;
        !ip.is_empty()
            && ip
                == docker(&[
                    "inspect",
                    "-f",
                    "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                    &web,
                ])
                .out
                .trim()
    });
    until_true(10, "the app answers on its new network", || is_up(&dokku, &app));
    dokku.ssh(&["apps:destroy", "--force", &app]).ok();
    dokku.dokku(&["network:tend"]).ok();
    docker(&["network", "rm", &network]).ok();
}

#[test]
fn what_the_engine_gives_up_is_rebuilt_and_explained() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("frail");
    dokku.ssh(&["apps:create", &app]).ok();
    dokku.ssh(&["ps:set", &app, "restart-policy", "on-failure:2"]).ok();
    let app = deploy(&dokku, "frail");
    let web = format!("{app}.web.1");
    let id = || dokku.docker(&["inspect", "-f", "{{.Id}}", &web]).out.trim().to_owned();
    let first = id();
    // The server itself is killed in the moment before: what it did not hear is told to the one after it.
    dokku.inside(&["sh", "-c", "kill -9 $(pgrep -xf 'dokku serve')"]);
    dokku.docker(&["exec", &web, "touch", "/die"]).ok();
    until_true(90, "another container has come", || {
        let now = id();
        !now.is_empty() && now != first
    });
    dokku.wait_page(&app, "this is frail");
    let told = until(20, "the rebuild is told", || {
        let told = dokku.ssh(&["ps:history", &app]).ok();
        told.out.contains("rebuilt").then_some(told)
    });
    let ends: Vec<&str> = told.out.lines().filter(|line| line.contains(" ended ")).collect();
    assert_eq!(ends.len(), 3, "three times, as it was started twice more: {told}");
    assert!(ends.iter().all(|line| line.contains("it ended by itself with status 7")), "{told}");
    let number = ends[0].split_whitespace().next().expect("a number");
    dokku.ssh(&["ps:history", &app, number]).ok().says("cannot go on").says("on-failure:2");
    let json = dokku.ssh(&["ps:history", &app, "--format", "json"]).ok();
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json[1]["exit_code"], 7, "{json}");
}

#[test]
fn memory_that_ran_out_is_named() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("eats");
    dokku.ssh(&["apps:create", &app]).ok();
    dokku.ssh(&["resource:limit", "--memory", "24", &app]).ok();
    let repository = Repository::of("hello");
    let script =
        "httpd -p $PORT -h /www; while [ ! -e /die ]; do sleep 0.1; done; rm /die; exec tail /dev/zero";
    let dockerfile = format!("FROM busybox:latest\nCOPY www /www\nCMD [\"sh\", \"-c\", \"{script}\"]\n");
    repository.write("Dockerfile", &dockerfile).commit("eats memory");
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.docker(&["exec", &format!("{app}.web.1"), "touch", "/die"]).ok();
    until_true(30, "it is told", || dokku.ssh(&["ps:history", &app]).ok().out.contains("want of memory"));
    dokku.wait_page(&app, "pushed with git");
}

/// An engine stopped in order, then a host that loses its power: each time other containers have held the addresses, and
/// nobody types a command.
#[test]
fn after_a_reboot_with_shuffled_addresses_all_apps_answer_without_a_command() {
    if !is_wanted() {
        return;
    }
    let mut engine = Engine::start();
    let options =
        Options { engine: Some(engine.host()), socket: Some(engine.socket()), ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    let words = ["red", "green"];
    let apps: Vec<String> = words.iter().map(|word| deploy(&dokku, word)).collect();
    let forwarded = free_port();
    dokku.ssh(&["ports:set", &apps[0], "http:80:5000", &format!("http:{forwarded}:5000")]).ok();
    engine.let_talk(&format!("{}-ports", dokku.name()));
    // Two that are gone after a reboot; one that comes back, and serves wherever apps listened.
    let script = "mkdir -p /w; echo this is a stranger >/w/index.html; exec httpd -f -p 5000 -h /w";
    for (name, policy) in [("low", "no"), ("lower", "no"), ("stranger", "always")] {
        let line = ["create", "--name", name, "--restart", policy, "busybox:latest", "sh", "-c", script];
        dokku.docker(&line).ok();
    }
    let red = format!("{}.web.1", apps[0]);
    let addresses =
        || -> Vec<String> { apps.iter().map(|app| address(&dokku, &format!("{app}.web.1"))).collect() };
    let pages: Vec<(&str, &str)> = apps.iter().map(String::as_str).zip(words).collect();
    let visitor = Visitor::of(&dokku, &pages);
    for go_down in [Engine::end as fn(&mut Engine), Engine::lose_power] {
        // Red makes room for the three and comes back behind them: nobody who returns can have its address then.
        visitor.looks_away(true);
        dokku.docker(&["kill", &red]).ok();
        until_true(20, "nothing leads to red", || {
            leads_nowhere(&dokku, &apps[0]) && !is_up(&dokku, &apps[0])
        });
        visitor.looks_away(false);
        for name in ["low", "lower", "stranger", &red] {
            dokku.docker(&["start", name]).ok();
        }
        dokku.wait_page(&apps[0], "this is red");
        answers(forwarded, &apps[0], "red");

        let (before, begun) = (addresses(), Instant::now());
        go_down(&mut engine);
        engine.begin();
        dokku.wait_healthy();
        for (app, word) in &pages {
            answers(dokku.ports[1], app, word);
        }
        answers(forwarded, &apps[0], "red");
        let after = addresses();
        eprintln!("{before:?} became {after:?}, {} s after it went down", begun.elapsed().as_secs());
        assert_ne!(before[0], after[0], "red is where it was");
    }
    visitor.saw_no_stranger();
}

#[test]
fn an_engine_with_a_new_socket_is_told_with_the_command_and_routes_serve_on() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("docker.sock");
    let stop = Arc::new(AtomicBool::new(false));
    let listener = UnixListener::bind(&path).expect("a socket");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o666)).expect("a mode");
    let stopped = Arc::clone(&stop);
    let door = std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if stopped.load(Ordering::Relaxed) {
                return;
            }
            let Ok(engine) = UnixStream::connect("/var/run/docker.sock") else { continue };
            super::sockets::join(client, engine);
        }
    });
    let socket = path.to_string_lossy().into_owned();
    let options = Options { socket: Some(socket.clone()), ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    let app = deploy(&dokku, "stays");
    // The engine is there, and its socket is another one: ours refuses.
    stop.store(true, Ordering::Relaxed);
    drop(UnixStream::connect(&path));
    door.join().expect("it does not panic");
    let command = format!("docker restart {}", dokku.name());
    until_true(40, "health names the command", || dokku.health().text().contains(&command));
    assert!(dokku.get(&app, "/").is_ok_and(|answer| answer.body.contains("this is stays")));
}
