//! What apps keep: it outlives their containers, and the appliance's.

use crate::support::appliance::docker;
use crate::support::{Appliance, Repository};

#[test]
fn what_an_app_keeps_outlives_every_container() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("keeper"), Repository::of("hello"));
    dokku.ssh(&["apps:create", &app]).ok();
    dokku
        .ssh(&["storage:ensure-directory", "--chown", "heroku", &app])
        .ok()
        .says("Directory ready for mounting");
    let mount = format!("/var/lib/dokku/data/storage/{app}:/data");
    dokku.ssh(&["storage:mount", &app, &mount]).ok();
    let entry = format!("{app}-entry").replace('.', "-");
    dokku.ssh(&["storage:create", &entry, "--chown", "paketo"]).ok();
    dokku.ssh(&["storage:mount", &app, &entry, "--container-dir", "/entry"]).ok();
    dokku.push(&repository, &app).ok();
    dokku.wait_page(&app, "pushed with git");

    // Whose the folders are, as the app sees it, in its containers and in one-off ones.
    let owners = ["stat", "-c", "%u:%g", "/data", "/entry"];
    dokku.ssh(&[&["run", &app][..], &owners].concat()).ok().says("1000:1000").says("2000:2000");
    dokku.ssh(&[&["enter", &app, "web"][..], &owners].concat()).ok().says("1000:1000").says("2000:2000");

    dokku.ssh(&["enter", &app, "web", "cp", "/www/index.html", "/data/kept.html"]).ok();
    dokku.ssh(&["storage:exec", &entry, "--", "touch", "/data/made"]);
    let sees = |what: &str| {
        let page = dokku.ssh(&["enter", &app, "web", "cat", "/data/kept.html"]);
        assert!(page.out.contains("pushed with git"), "{what}: {page}");
    };
    sees("at once");
    dokku.ssh(&["ps:rebuild", &app]).ok();
    sees("after a rebuild");
    docker(&["rm", "-f", &dokku.name()]).ok();
    dokku.boot();
    dokku.wait_healthy();
    sees("with another appliance");
    dokku.ssh(&["ps:restart", &app]).ok();
    sees("with another appliance and a restart");
    // On the volume, and nowhere else.
    let file = format!("/mnt/dokku/var/lib/dokku/data/storage/{app}/kept.html");
    dokku.inside(&["cat", &file]).ok().says("pushed with git");
    dokku.ssh(&["storage:report", &app, "--storage-deploy-mounts"]).ok().says(&format!("-v {mount}"));
}
