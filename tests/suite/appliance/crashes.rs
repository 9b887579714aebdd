//! Apps that listen and die later. Live at once, and still safe: the old release comes back by itself.

use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// Deploys hello, then an app that dies so many seconds after it began to listen, while old containers
/// wait this long for their retirement. The route goes back, and the record says what happened.
fn dies_after(seconds: u32, wait_to_retire: u32) -> Option<(Appliance, String, i32)> {
    let dokku = Appliance::start()?;
    let app = dokku.app("dies");
    let patience = format!("DOKKU_WAIT_TO_RETIRE={wait_to_retire}");
    dokku.dokku(&["config:set", "--global", &patience]).ok();
    dokku.push(&Repository::of("hello"), &app).ok();
    dokku.wait_page(&app, "pushed with git");
    dokku.dokku(&["config:set", "--no-restart", &app, &format!("DIES_AFTER={seconds}")]).ok();
    let pushed = dokku.git(&Repository::of("dies-later"), &["push", "--force", &dokku.url(&app), "main"]);
    Some((dokku, app, pushed.status))
}

#[test]
fn two_seconds_later_the_push_itself_fails() {
    let Some((dokku, app, status)) = dies_after(2, 60) else { return };
    assert!(status != 0, "the push should have waited for the first seconds");
    dokku.wait_page(&app, "pushed with git");
    dokku.dokku(&["builds:list", &app]).ok().says("failed");
}

#[test]
fn ten_seconds_later_the_route_goes_back() {
    let Some((dokku, app, _)) = dies_after(10, 60) else { return };
    until_true(40, "the build is recorded as failed", || {
        dokku.dokku(&["builds:list", &app]).out.contains("failed")
    });
    dokku.wait_page(&app, "pushed with git");
}

#[test]
fn forty_seconds_later_the_route_goes_back() {
    let Some((dokku, app, _)) = dies_after(40, 60) else { return };
    until_true(70, "the build is recorded as failed", || {
        dokku.dokku(&["builds:list", &app]).out.contains("failed")
    });
    dokku.wait_page(&app, "pushed with git");
}
