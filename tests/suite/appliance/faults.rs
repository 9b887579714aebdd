//! Apps that do not come up. The push says why, and what served before serves on.

use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// Deploys `hello`, then pushes the fixture on top of it: that fails, says this, and hello serves on.
#[track_caller]
fn refused_beside_the_old_release(fixture: &str, expected: &[&str]) {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app(fixture);
    let good = Repository::of("hello");
    dokku.push(&good, &app).ok();
    dokku.wait_page(&app, "pushed with git");
    let before = dokku.containers(&app);

    let bad = Repository::of(fixture);
    let mut ran = dokku.git(&bad, &["push", "--force", &dokku.url(&app), "main"]).fails();
    for text in expected {
        ran = ran.says(text);
    }
    ran.never_says("hook declined").never_says("panicked");
    let page = dokku.get(&app, "/").expect("the old release answers");
    assert!(page.body.contains("pushed with git"), "{page:?}");
    until_true(20, "no container of the failed release is left", || dokku.containers(&app) == before);
    // Nothing of it is visible in the repository either.
    assert_eq!(dokku.tips(&app), [good.revision("HEAD")]);
    // The next good push goes through.
    good.write("www/index.html", "mended").commit("mended");
    dokku.push(&good, &app).ok();
    dokku.wait_page(&app, "mended");
}

#[test]
fn a_build_that_fails() {
    refused_beside_the_old_release("failing-build", &["the compiler says no", "7"]);
}

#[test]
fn nothing_that_a_builder_knows() {
    refused_beside_the_old_release("no-builder", &["No builder knows how to build", "builder dockerfile"]);
}

#[test]
fn an_app_that_exits_at_once() {
    refused_beside_the_old_release("exits-at-once", &["the database is missing"]);
}

#[test]
fn an_app_that_never_listens() {
    refused_beside_the_old_release("never-listens", &["I listen to nobody"]);
}

#[test]
fn an_app_that_fails_its_check() {
    refused_beside_the_old_release("failing-check", &["a page that is not there"]);
}

#[test]
fn an_app_json_that_nobody_can_read() {
    refused_beside_the_old_release("broken-app-json", &["app.json"]);
}

#[test]
fn a_procfile_that_nobody_can_read() {
    refused_beside_the_old_release("broken-procfile", &["Invalid Procfile"]);
}

#[test]
fn a_first_push_that_fails_is_mended_by_the_next() {
    let Some(dokku) = Appliance::start() else { return };
    let app = dokku.app("first");
    dokku.push(&Repository::of("failing-build"), &app).fails().says("the compiler says no");
    assert!(dokku.containers(&app).is_empty());
    let good = Repository::of("hello");
    dokku.git(&good, &["push", "--force", &dokku.url(&app), "main"]).ok();
    dokku.wait_page(&app, "pushed with git");
}
