//! Many deploys at once, deploys that are canceled or killed, and a disk that is full.

use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::support::appliance::docker;
use crate::support::shell::run;
use crate::support::wait::{until, until_agreed, until_true};
use crate::support::{Appliance, Repository};

/// A small app whose build takes a moment, with a text of its own.
fn small(dokku: &Appliance, text: &str) -> Repository {
    let repository = Repository::of("hello");
    let dockerfile = format!(
        "FROM busybox:latest\nRUN sleep 1; echo {} {text}\nCOPY www /www\n\
         CMD [\"sh\", \"-c\", \"exec httpd -f -p $PORT -h /www\"]\n",
        dokku.run
    );
    repository.write("Dockerfile", &dockerfile).write("www/index.html", text).commit(text);
    repository
}

/// One whose build takes long.
fn slow(dokku: &Appliance, text: &str, seconds: u32) -> Repository {
    let repository = small(dokku, text);
    let dockerfile = format!(
        "FROM busybox:latest\nRUN echo the build has begun {} {text}; sleep {seconds}\nCOPY www /www\n\
         CMD [\"sh\", \"-c\", \"exec httpd -f -p $PORT -h /www\"]\n",
        dokku.run
    );
    repository.write("Dockerfile", &dockerfile).commit("slow");
    repository
}

fn push_started(dokku: &Appliance, repository: &Repository, app: &str) -> Child {
    dokku.git_started_for(600, repository, &["push", &dokku.url(app), "main"])
}

/// Its end, and all it said.
fn ended(child: Child) -> (bool, String) {
    let output = child.wait_with_output().expect("it ends");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn builds(dokku: &Appliance, app: &str) -> Vec<serde_json::Value> {
    let listed = dokku.dokku(&["builds:list", app, "--format", "json"]);
    // The app comes with its first push.
    if listed.err.contains("does not exist") {
        return Vec::new();
    }
    serde_json::from_str(&listed.ok().out).expect("JSON")
}

/// The newest build that is in this state.
fn build_that(dokku: &Appliance, app: &str, key: &str, value: &str) -> Option<String> {
    let found = builds(dokku, app).into_iter().find(|build| build[key] == value)?;
    found["id"].as_str().map(str::to_owned)
}

/// KiB of memory of the server alone, what it shares counted by its part.
fn memory_of_serve(dokku: &Appliance) -> Option<u64> {
    let script = "cat /proc/$(pgrep -xf 'dokku serve')/smaps_rollup";
    let text = dokku.inside(&["sh", "-c", script]).out;
    text.lines().find_map(|line| line.strip_prefix("Pss:")?.split_whitespace().next()?.parse().ok())
}

#[test]
fn thirty_apps_pushed_at_once_are_all_deployed_two_builds_at_a_time() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.dokku(&["builds:set", "--global", "max-parallel", "2"]).ok();
    let apps: Vec<String> = (0..30).map(|number| dokku.app(&format!("app{number}"))).collect();
    let repositories: Vec<Repository> =
        apps.iter().map(|app| small(&dokku, &format!("first of {app}"))).collect();
    let (most, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                most.fetch_max(memory_of_serve(&dokku).unwrap_or(0), Ordering::Relaxed);
            }
        });
        let pushes: Vec<Child> = repositories
            .iter()
            .zip(&apps)
            .map(|(repository, app)| push_started(&dokku, repository, app))
            .collect();
        // Three of them once more, while they wait: theirs come behind.
        let seconds: Vec<Child> = [0, 14, 29]
            .into_iter()
            .map(|number| {
                let (repository, app) = (&repositories[number], &apps[number]);
                until_true(120, "the first push has come", || !builds(&dokku, app).is_empty());
                repository.write("www/index.html", &format!("second of {app}")).commit("second");
                push_started(&dokku, repository, app)
            })
            .collect();
        let mut waited = 0;
        for push in pushes.into_iter().chain(seconds) {
            let (is_deployed, said) = ended(push);
            waited += usize::from(said.contains("Waiting for one of 2 builds to end"));
            assert!(is_deployed, "{said}");
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(waited > 15, "{waited} of 33 waited for a build");
    });
    for (number, app) in apps.iter().enumerate() {
        let order = if [0, 14, 29].contains(&number) { "second" } else { "first" };
        dokku.wait_page(app, &format!("{order} of {app}"));
        assert_eq!(dokku.tips(app), [repositories[number].revision("HEAD")]);
        assert!(builds(&dokku, app).iter().all(|build| build["status"] == "succeeded"));
    }
    let most = most.load(Ordering::Relaxed) as f64 / 1024.0;
    eprintln!("dokku serve took {most:.1} MiB at most");
    assert!(most > 1.0 && most < 60.0, "dokku serve took {most:.1} MiB");
}

#[test]
fn builds_are_canceled_while_they_wait_and_while_they_build() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.dokku(&["builds:set", "--global", "max-parallel", "1"]).ok();
    let [building, waiting] = ["building", "waiting"].map(|word| dokku.app(word));
    dokku.push(&small(&dokku, "before"), &building).ok();
    dokku.wait_page(&building, "before");

    let tip = dokku.tips(&building);
    let slow_one = slow(&dokku, "never", 300);
    let push = dokku.git_started_for(600, &slow_one, &["push", "--force", &dokku.url(&building), "main"]);
    let first = until(60, "it builds", || {
        let id = build_that(&dokku, &building, "status", "running")?;
        dokku.dokku(&["builds:info", &building, &id]).says("running");
        let log = format!("/var/lib/dokku/data/builds/{building}/{id}.log");
        dokku.inside(&["cat", &log]).out.contains("the build has begun").then_some(id)
    });
    // Kept until the pushes have ended: with them their folders go.
    let (other_one, left_one) = (small(&dokku, "other"), small(&dokku, "left"));
    let other = push_started(&dokku, &other_one, &waiting);
    let second = until(60, "the other waits", || build_that(&dokku, &waiting, "waits_for", "build-slot"));
    dokku.dokku(&["builds:list", &waiting]).ok().says(" waiting ");

    let left = dokku.app("left");
    let client = push_started(&dokku, &left_one, &left);
    until_true(60, "it waits too", || build_that(&dokku, &left, "waits_for", "build-slot").is_some());
    // `timeout` leads a group of its own, in which git and ssh are.
    run(10, &["kill", "-KILL", "--", &format!("-{}", client.id())], &[], b"").ok();
    drop(ended(client));
    until_true(30, "nobody waits for who went away", || {
        builds(&dokku, &left)[0]["cause"] == "its client went away while it waited"
    });

    dokku.ssh(&["builds:cancel", &waiting]).ok().says("Killing app deploy");
    let (is_deployed, said) = ended(other);
    assert!(!is_deployed && said.contains(&format!("build {second} was canceled")), "{said}");
    assert!(dokku.tips(&waiting).is_empty());

    let begun = Instant::now();
    dokku.ssh(&["builds:cancel", &building]).ok().says("Killing app deploy");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let (is_deployed, said) = ended(push);
    assert!(!is_deployed && said.contains(&format!("build {first} was canceled")), "{said}");
    assert_eq!(dokku.tips(&building), tip);
    dokku.wait_page(&building, "before");
    assert_eq!(dokku.containers(&building).len(), 1);
    dokku.dokku(&["builds:cancel", &building]).ok().says("App not currently deploying");
    dokku.push(&small(&dokku, "after"), &waiting).ok();
    dokku.wait_page(&waiting, "after");
}

#[test]
fn pushes_killed_while_they_wait_and_build_stop_nobody_and_a_killed_container_forgets_the_queue() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.dokku(&["builds:set", "--global", "max-parallel", "1"]).ok();
    let apps = ["builds", "waits", "comes"].map(|word| dokku.app(word));
    let repositories = [slow(&dokku, "one", 600), small(&dokku, "two"), small(&dokku, "three")];
    let mut pushes = Vec::new();
    for (app, repository) in apps.iter().zip(&repositories) {
        pushes.push(push_started(&dokku, repository, app));
        until_true(60, "it is in line", || !builds(&dokku, app).is_empty());
    }
    until_true(60, "the last one waits", || {
        build_that(&dokku, &apps[2], "waits_for", "build-slot").is_some()
    });
    for app in &apps[..2] {
        let pid = builds(&dokku, app)[0]["pid"].as_u64().expect("a number").to_string();
        dokku.inside(&["kill", "-9", &pid]).ok();
    }
    let mut ends = pushes.into_iter().map(ended);
    let [first, second, third] = [(); 3].map(|()| ends.next().expect("three pushes"));
    assert!(!first.0 && !second.0, "{} {}", first.1, second.1);
    assert!(third.0, "{}", third.1);
    dokku.wait_page(&apps[2], "three");
    for app in &apps[..2] {
        // By who looks first: whoever lists builds, or the server, which undoes what is left of it.
        let status = builds(&dokku, app)[0]["status"].as_str().unwrap_or_default().to_owned();
        assert!(["abandoned", "failed"].contains(&status.as_str()), "{status}");
    }

    let mut pushes = Vec::new();
    for (app, repository) in apps.iter().zip(&repositories) {
        repository.write("www/more.html", "again").commit("again");
        pushes.push(push_started(&dokku, repository, app));
        until_true(60, "it is in line", || build_that(&dokku, app, "status", "running").is_some());
    }
    docker(&["kill", "-s", "KILL", &dokku.name()]).ok();
    pushes.into_iter().for_each(|push| drop(ended(push)));
    docker(&["start", &dokku.name()]).ok();
    until_agreed(Instant::now(), "what is on record is so", || {
        dokku.health().status == 0
            && dokku.dokku(&["builds:list"]).out.contains("No builds currently running")
            && apps.iter().all(|app| build_that(&dokku, app, "status", "running").is_none())
    });
    dokku.wait_page(&apps[2], "three");
    assert_eq!(dokku.containers(&apps[2]).len(), 1);
    assert!(dokku.containers(&apps[0]).is_empty());
    let quick = small(&dokku, "after the crash");
    for app in &apps[..2] {
        dokku.git(&quick, &["push", "--force", &dokku.url(app), "main"]).ok();
        dokku.wait_page(app, "after the crash");
    }
    let line = dokku.inside(&["ls", "/var/lib/dokku/data/queue/builds"]).ok().out;
    assert_eq!(line.trim(), "door", "nobody is left in line");
}

#[test]
fn pushes_that_a_stop_of_the_server_cuts_off_are_deployed_once_it_is_back() {
    let Some(dokku) = Appliance::start() else { return };
    dokku.dokku(&["builds:set", "--global", "max-parallel", "1"]).ok();
    let apps = ["builds", "waits"].map(|word| dokku.app(word));
    let repositories = [slow(&dokku, "one", 15), small(&dokku, "two")];
    let mut pushes = Vec::new();
    for (app, repository) in apps.iter().zip(&repositories) {
        pushes.push(push_started(&dokku, repository, app));
        until_true(60, "it is in line", || !builds(&dokku, app).is_empty());
    }
    until_true(60, "the other waits", || build_that(&dokku, &apps[1], "waits_for", "build-slot").is_some());
    docker(&["stop", &dokku.name()]).ok();
    for push in pushes {
        let (is_deployed, said) = ended(push);
        assert!(!is_deployed && said.contains("this push is deployed once it is back"), "{said}");
    }
    docker(&["start", &dokku.name()]).ok();
    dokku.wait_healthy();
    for ((app, repository), text) in apps.iter().zip(&repositories).zip(["one", "two"]) {
        until_true(150, "it is deployed", || dokku.tips(app) == [repository.revision("HEAD")]);
        dokku.wait_page(app, text);
        let ends: Vec<_> = builds(&dokku, app).iter().map(|one| one["status"].clone()).collect();
        assert_eq!(ends, ["succeeded", "failed"], "{app}");
        dokku.git(repository, &["push", &dokku.url(app), "main"]).ok().says("Everything up-to-date");
    }
}

#[test]
fn a_build_is_refused_where_the_disk_is_too_full_for_it() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("full"), small(&dokku, "fits"));
    dokku.dokku(&["builds:set", "--global", "min-free-disk", "900000g"]).ok();
    dokku
        .push(&repository, &app)
        .fails()
        .says("Too little disk space on the Docker engine to build")
        .says(" are free, 900000.0 GiB are needed")
        .says("What takes most:")
        .says(&format!("dokku builds:set {app} disk-guard false"));
    assert!(dokku.containers(&app).is_empty() && dokku.tips(&app).is_empty());
    dokku.dokku(&["builds:set", "--global", "min-free-disk"]).ok();
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "fits");
    dokku.dokku(&["cleanup", "--unasked"]).ok();
    dokku.wait_page(&app, "fits");
}

#[test]
fn a_container_of_a_build_is_held_to_its_limits_by_the_kernel() {
    let Some(dokku) = Appliance::start() else { return };
    // As the option text of a build with herokuish has them, in a container that tells what holds.
    let app = dokku.app("limits");
    dokku.dokku(&["apps:create", &app]).ok();
    dokku.dokku(&["builds:set", &app, "memory-limit", "96m"]).ok();
    dokku.dokku(&["builds:set", &app, "cpu-limit", "0.5"]).ok();
    let options =
        dokku.inside(&["plugn", "trigger", "docker-args-process-build", &app, "herokuish"]).ok().out;
    assert_eq!(options.trim(), "--cpu-shares=256 --cpus=0.5 --memory=96m");
    let script = "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory.max cpu/cpu.cfs_quota_us cpu.max cpu/cpu.shares 2>/dev/null";
    let mut words = vec!["run", "--rm"];
    words.extend(options.split_whitespace());
    words.extend(["busybox:latest", "sh", "-c", script]);
    let held = docker(&words).out;
    assert!(held.contains("100663296") && held.contains("50000"), "{held}");
}
