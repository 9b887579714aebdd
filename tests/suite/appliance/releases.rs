//! What a release consists of: process types, ports, what goes into the build.

use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

#[test]
fn an_exposed_port_answers_on_the_web_port_too() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("exposed");
    dokku.push(&Repository::of("expose-3000"), &app).ok();
    dokku.wait_page(&app, "This is expose-3000");
    dokku.dokku(&["ports:report", &app, "--ports-map-detected"]).ok().says("http:3000:3000");
}

#[test]
fn process_types_are_scaled_and_each_has_its_containers() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("workers");
    dokku.push(&Repository::of("workers"), &app).ok();
    dokku.wait_page(&app, "This is workers");
    assert_eq!(dokku.containers(&app), [format!("{app}.web.1")]);
    dokku.dokku(&["ps:scale", &app, "worker=2", "web=2"]).ok();
    let expected = ["web.1", "web.2", "worker.1", "worker.2"].map(|process| format!("{app}.{process}"));
    until_true(30, "four containers", || {
        let mut names = dokku.containers(&app);
        names.sort();
        names == expected
    });
    dokku.dokku(&["logs", &app, "--ps", "worker"]).ok().says("the worker works");
    dokku.dokku(&["ps:stop", &app]).ok();
    dokku.dokku(&["ps:report", &app, "--running"]).ok().says("false");
    dokku.dokku(&["ps:start", &app]).ok();
    dokku.wait_page(&app, "This is workers");
}

#[test]
fn ignored_files_stay_out_of_the_build() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("ignored");
    dokku.push(&Repository::of("ignored-files"), &app).ok();
    dokku.wait_page(&app, "This is ignored-files");
    for (path, status) in [
        ("/secrets/public.txt", 200),
        ("/deep/er/kept.txt", 200),
        ("/secrets/private.txt", 404),
        ("/deep/er/noise.log", 404),
    ] {
        assert_eq!(dokku.get(&app, path).expect("an answer").status, status, "{path}");
    }
}

#[test]
fn a_branch_that_is_not_deployed_says_what_to_do() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("hello"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    let ran = dokku.git(&repository, &["push", &dokku.url(&app), "main:other"]);
    ran.says("deploy did not complete, you must push to main");
}

#[test]
fn config_reaches_the_app_and_restarts_it() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("config");
    let repository = Repository::of("hello");
    let dockerfile = "FROM busybox:latest\nCMD [\"sh\", \"-c\", \"mkdir /w; echo \\\"word: $WORD\\\" >/w/index.html; exec httpd -f -p $PORT -h /w\"]\n";
    repository.write("Dockerfile", dockerfile).commit("print the word");
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "word:");
    dokku.ssh(&["config:set", &app, "WORD='two words'"]).ok();
    dokku.wait_page(&app, "word: two words");
}

#[test]
fn destroying_an_app_leaves_nothing_of_it() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("gone"), Repository::of("hello"));
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.ssh(&["apps:destroy", "--force", &app]).ok();
    until_true(30, "its containers are gone", || dokku.containers(&app).is_empty());
    dokku.inside(&["test", "-e", &format!("/home/dokku/{app}")]).fails();
    let listed = dokku
        .inside(&[
            "sh",
            "-c",
            &format!("find /mnt/dokku -path '*/{app}*' | grep -v -e '/builds/' -e '/log/' | head"),
        ])
        .ok();
    assert_eq!(listed.out, "");
    assert!(!dokku.get(&app, "/").is_ok_and(|answer| answer.status == 200));
}
