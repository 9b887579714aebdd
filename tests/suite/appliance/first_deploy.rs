//! The first five minutes: run line, key, push, page; then a second push that nobody notices.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::support::appliance::docker;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

#[test]
fn an_empty_volume_logs_the_next_steps_with_the_outer_ports() {
    let Some(dokku) = Appliance::start() else { return };
    let [ssh, http, _] = dokku.ports;
    docker(&["logs", &dokku.name()]).ok().says("ssh-keys:add").says(&ssh.to_string()).says(&http.to_string());
}

#[test]
fn the_first_push_creates_the_app_and_its_page_answers() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    let link = format!("http://{app}.localhost:{}", dokku.ports[1]);
    dokku.push(&repository, &app).ok().says("Application deployed").says(&link);
    dokku.wait_page(&app, "pushed with git");
    dokku.ssh(&["apps:list"]).ok().says(&app);
    dokku.ssh(&["ps:report", &app, "--running"]).ok().says("true");
    dokku.ssh(&["urls", &app]).ok().says(&link);
    dokku.ssh(&["builds:list", &app]).ok().says("succeeded");

    let again = dokku.push(&repository, &app).ok();
    assert!(again.err.contains("Everything up-to-date"), "{again}");

    let clone = dokku.path_of("clone");
    dokku.git(&repository, &["clone", "-q", &dokku.url(&app), &clone]).ok();
    let tip = repository.git(&["-C", &clone, "rev-parse", "HEAD"]).ok();
    assert_eq!(tip.out.trim(), repository.revision("HEAD"));
}

#[test]
fn a_second_push_fails_no_request() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");

    /// Ends the visits in any case: a scope waits for its threads even while it panics.
    struct StopAtEnd<'a>(&'a AtomicBool);
    impl Drop for StopAtEnd<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    let stop = AtomicBool::new(false);
    let (answered, seen_new) = (AtomicU32::new(0), AtomicU32::new(0));
    let failures: Vec<String> = std::thread::scope(|scope| {
        let visitors: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut failures = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        match dokku.get(&app, "/") {
                            Ok(answer) if answer.status == 200 => {
                                answered.fetch_add(1, Ordering::Relaxed);
                                seen_new.fetch_add(
                                    u32::from(answer.body.contains("second edition")),
                                    Ordering::Relaxed,
                                );
                            }
                            other => failures.push(format!("{other:?}")),
                        }
                        std::thread::sleep(std::time::Duration::from_millis(10));
                    }
                    failures
                })
            })
            .collect();
        let visits = StopAtEnd(&stop);
        repository.write("www/index.html", "second edition").commit("second");
        let pushed = dokku.push(&repository, &app);
        if pushed.status == 0 {
            dokku.wait_page(&app, "second edition");
            // The old container is stopped within this time, and must not have been needed any more.
            until_true(30, "only the new container is left", || dokku.containers(&app).len() == 1);
        }
        pushed.ok();
        drop(visits);
        visitors.into_iter().flat_map(|visitor| visitor.join().expect("no panic")).collect()
    });
    let total = answered.load(Ordering::Relaxed);
    assert!(failures.is_empty(), "{} of {total} requests failed, the first: {}", failures.len(), failures[0]);
    assert!(seen_new.load(Ordering::Relaxed) > 0, "the new page was never seen in {total} answers");
}
