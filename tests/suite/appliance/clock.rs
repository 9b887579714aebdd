//! What runs by the clock, in the real image: a task of an app, what somebody put into the crontab, and a plugin's file.

use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

#[test]
fn each_minute_a_task_a_crontab_and_a_plugins_file_run() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("clock"), Repository::of("hello"));
    let own = b"* * * * * id -un >/home/dokku/by-crontab\n";
    dokku.inside_with(&["sudo", "-u", "dokku", "crontab", "-"], own).ok();
    let file = b"* * * * * dokku id -un >/home/dokku/by-plugin\n";
    dokku.inside_with(&["tee", "/etc/cron.d/dokku-clock-test"], file).ok();
    repository.write("app.json", r#"{"cron": [{"command": "echo hello clock", "schedule": "* * * * *"}]}"#);
    repository.commit("a task");
    dokku.push(&repository, &app).ok().says("-----> Updated schedule file");
    dokku.inside(&["crontab", "-l", "-u", "dokku"]).ok().says("by-crontab").says(&format!("cron:run {app} "));
    until_true(130, "a run of the task", || {
        dokku.dokku(&["cron:history", &app]).ok().out.contains("succeeded")
    });
    dokku.inside(&["cat", "/home/dokku/by-crontab", "/home/dokku/by-plugin"]).ok().says("dokku\ndokku");
    // Both are on the volume.
    dokku
        .inside(&["ls", "/mnt/dokku/etc/cron.d", "/mnt/dokku/var/spool/cron/crontabs"])
        .ok()
        .says("dokku-clock-test");
}
