//! What lies behind `/mnt/dokku` and beside it: gone sockets, wrong file systems, full disks, and the
//! container replaced on a volume in use.

use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use crate::support::appliance::{Options, docker, image, is_wanted, run_id};
use crate::support::shell::run;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// Runs, but says that it is not well, naming the cause; and it is no crash loop.
#[track_caller]
fn is_sick_because(dokku: &Appliance, cause: &str) {
    until_true(30, &format!("the log names {cause}"), || {
        docker(&["logs", &dokku.name()]).text().contains(cause)
    });
    let state = docker(&["inspect", "-f", "{{.State.Running}} {{.RestartCount}}", &dokku.name()]).ok();
    assert_eq!(state.out.trim(), "true 0", "{state}");
    // The endpoint says the same, for people and for programs.
    until_true(30, &format!("the health endpoint names {cause}"), || {
        let said = dokku.health().fails();
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap_or_default();
        json["causes"].to_string().contains(cause)
    });
}

#[test]
fn without_a_socket_it_says_how_to_mount_one() {
    let options = Options { socket: Some("/dev/null".into()), is_sick: true, ..Options::default() };
    let Some(dokku) = Appliance::with(options) else { return };
    is_sick_because(&dokku, "/var/run/docker.sock");
}

#[test]
fn an_engine_that_is_too_old_is_named() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("docker.sock");
    let listener = UnixListener::bind(&path).expect("a socket");
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let _ = client.read(&mut [0; 4096]);
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let socket = Some(path.to_string_lossy().into_owned());
    let options = Options { socket, is_sick: true, ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    is_sick_because(&dokku, "too old");
}

/// In a network of its own somebody else has the port first, as on a host whose network it shares.
#[test]
fn a_port_that_is_taken_is_named() {
    if !is_wanted() {
        return;
    }
    for (port, part) in [("22", "another program has port 22"), ("80", "something else has port 80")] {
        let (run, image) = (run_id(), image());
        let (other, name) = (format!("other-{run}"), format!("dokku-{run}"));
        let label = format!("dokku.test.run={run}");
        let server = ["httpd", "-f", "-p", port];
        let mut words = vec!["run", "-d", "--label", &label, "--name", &other, "busybox:latest"];
        words.extend(server);
        docker(&words).ok();
        let network = format!("container:{other}");
        let socket = "/var/run/docker.sock:/var/run/docker.sock";
        let words = ["run", "-d", "--restart", "unless-stopped", "--label", &label, "--name", &name];
        docker(&[&words[..], &["--network", &network, "-v", socket, "-v", "/mnt/dokku", &image]].concat())
            .ok();
        let told = std::panic::catch_unwind(|| {
            until_true(40, &format!("the log names {part}"), || {
                docker(&["logs", &name]).text().contains(part)
            });
            let state = docker(&["inspect", "-f", "{{.State.Running}} {{.RestartCount}}", &name]).ok();
            assert_eq!(state.out.trim(), "true 0", "{state}");
            let url = "http://127.0.0.1:18080/_dokku/health?format=json";
            until_true(30, &format!("the endpoint names {part}"), || {
                docker(&["exec", &name, "curl", "-sS", url]).out.contains(part)
            });
        });
        docker(&["rm", "-f", "-v", &name, &other]);
        told.expect("see above");
    }
}

#[test]
fn the_log_is_json_where_that_is_asked_for() {
    let extra = vec!["-e".to_owned(), "DOKKU_LOG=json".to_owned()];
    let Some(dokku) = Appliance::with(Options { extra, ..Options::default() }) else { return };
    dokku.ssh(&["version"]).ok();
    let logs = docker(&["logs", &dokku.name()]).ok();
    let lines: Vec<serde_json::Value> =
        logs.text().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let has = |word: &str| lines.iter().any(|line| line.to_string().contains(word));
    assert!(has("logged in") && has("SHA256:"), "{logs}");
}

#[test]
fn a_read_only_volume_is_named() {
    let options = Options { mount_mode: ":ro", is_sick: true, ..Options::default() };
    let Some(dokku) = Appliance::with(options) else { return };
    is_sick_because(&dokku, "read-only");
}

#[test]
fn a_file_system_without_owners_is_refused_with_advice() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (disk, mount) = (folder.path().join("disk"), folder.path().join("mount"));
    let (disk, mount) = (disk.to_string_lossy().into_owned(), mount.to_string_lossy().into_owned());
    run(30, &["truncate", "-s", "64M", &disk], &[], b"").ok();
    run(30, &["mkfs.vfat", &disk], &[], b"").ok();
    run(30, &["mkdir", &mount], &[], b"").ok();
    let mounted = run(30, &["mount", "-o", "loop", &disk, &mount], &[], b"");
    if mounted.status != 0 {
        eprintln!("SKIPPED: this machine has no loop mounts of vfat: {mounted}");
        return;
    }
    let options = Options { data: Some(mount.clone()), is_sick: true, ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    let outcome =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| is_sick_because(&dokku, "named volume")));
    drop(dokku);
    run(30, &["umount", "-l", &mount], &[], b"").ok();
    assert!(outcome.is_ok(), "see above");
}

#[test]
fn a_full_disk_fails_the_push_and_nothing_else() {
    if !is_wanted() {
        return;
    }
    let data = format!("dokku-full-{}", run_id());
    docker(&[
        "volume",
        "create",
        "--driver",
        "local",
        "-o",
        "type=tmpfs",
        "-o",
        "device=tmpfs",
        "-o",
        "o=size=64m",
        &data,
    ])
    .ok();
    let options = Options { data: Some(data.clone()), ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    let (app, repository) = (dokku.app("full"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    let tip = repository.revision("HEAD");

    dokku.inside(&["sh", "-c", "cat /dev/zero >/mnt/dokku/ballast 2>/dev/null; true"]).ok();
    repository.write("www/index.html", "does not fit").commit("more");
    dokku.push(&repository, &app).fails().says("No space left").never_says("panicked");
    assert_eq!(dokku.tips(&app), [tip]);
    assert_eq!(dokku.get(&app, "/").expect("it serves on").status, 200);

    dokku.inside(&["rm", "/mnt/dokku/ballast"]).ok();
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "does not fit");
    drop(dokku);
    docker(&["volume", "rm", "-f", &data]);
}

#[test]
fn the_container_is_replaced_and_the_apps_keep_running() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    let container =
        || docker(&["inspect", "-f", "{{.Id}} {{.State.StartedAt}}", &format!("{app}.web.1")]).ok().out;
    let before = container();
    docker(&["rm", "-f", &dokku.name()]).ok();
    let dark = Instant::now();
    dokku.boot();
    dokku.wait_page(&app, "pushed with git");
    let dark = dark.elapsed();
    dokku.wait_healthy();
    assert_eq!(container(), before, "the app's container is the same, and was not restarted");
    dokku.ssh(&["apps:list"]).ok().says(&app);
    assert!(dark < Duration::from_secs(10), "the route was dark for {dark:?}");
}

#[test]
fn the_host_name_given_becomes_the_global_domain() {
    let extra = vec!["-e".to_owned(), "DOKKU_HOSTNAME=apps.example.com".to_owned()];
    let Some(dokku) = Appliance::with(Options { extra, ..Options::default() }) else { return };
    dokku.dokku(&["domains:report", "--global", "--domains-global-vhosts"]).ok().says("apps.example.com");
}
