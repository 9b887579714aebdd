//! A volume of Dokku 0.20, whose app runs: the appliance starts on it, and the app serves on.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::appliance::{Options, docker, is_wanted, run_id};
use crate::support::shell::run;
use crate::support::{Appliance, Repository};

/// The app as that release left it: variables, scale, options and the one container in files of its folder.
fn plant(volume: &Path, app: &str, container: &str) {
    let home = volume.join("home/dokku");
    let files = [
        (format!("{app}/ENV"), "export GREETING='from of old'\nexport DOKKU_WAIT_TO_RETIRE='7'\n".to_owned()),
        (format!("{app}/VHOST"), format!("{app}.localhost\n")),
        (format!("{app}/DOKKU_SCALE"), "web=1\n".to_owned()),
        (
            format!("{app}/DOCKER_OPTIONS_DEPLOY"),
            "--restart=always\n-v /var/lib/dokku/data/storage/old:/old\n".to_owned(),
        ),
        (format!("{app}/CONTAINER"), container.to_owned()),
        (format!("{app}/IP"), "192.0.2.1".to_owned()),
        (format!("{app}/PORT"), "5000".to_owned()),
        ("VHOST".to_owned(), "localhost\n".to_owned()),
    ];
    for (path, text) in files {
        let path = home.join(path);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    for folder in ["var/lib/dokku/config", "var/lib/dokku/data/storage/old"] {
        fs::create_dir_all(volume.join(folder)).expect("a folder");
    }
    fs::write(volume.join("var/lib/dokku/data/storage/old/photo"), "of old").expect("written");
    run(30, &["chown", "-R", "200:200", &volume.display().to_string()], &[], b"").ok();
}

#[test]
fn an_app_of_an_older_dokku_serves_on() {
    if !is_wanted() {
        return;
    }
    let (folder, app) = (tempfile::tempdir().expect("a folder"), format!("elder-{}", run_id()));
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("open to all");
    let page = "mkdir /www; echo an old page > /www/index.html; exec httpd -f -p 5000 -h /www";
    let started = docker(&["run", "-d", "--name", &app, "busybox:latest", "sh", "-c", page]).ok();
    plant(folder.path(), &app, started.out.trim());
    let options = Options { data: Some(folder.path().display().to_string()), ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        dokku.wait_page(&app, "an old page");
        let logs = docker(&["logs", &dokku.name()]).text();
        assert!(logs.contains("Taken over from an older release of Dokku"), "{logs}");
        dokku.ssh(&["taken-over"]).ok().says(&format!("{app}: variables of ENV: GREETING"));
        dokku.ssh(&["config:get", &app, "GREETING"]).ok().says("from of old");
        dokku.ssh(&["ps:report", &app, "--ps-restart-policy"]).ok().says("always");
        dokku.ssh(&["checks:report", &app, "--checks-wait-to-retire"]).ok().says("7");

        // The next release has all of it.
        let repository = Repository::of("hello");
        dokku.push(&repository, &app).ok();
        dokku.wait_page(&app, "pushed with git");
        let seen = ["enter", &app, "web", "sh", "-c", "'cat /old/photo; echo $GREETING'"];
        dokku.ssh(&seen).ok().says("of old").says("from of old");

        // Another start has nothing more to say.
        docker(&["rm", "-f", &dokku.name()]).ok();
        dokku.boot();
        dokku.wait_healthy();
        let logs = docker(&["logs", &dokku.name()]).text();
        assert!(!logs.contains("Taken over"), "{logs}");
    }));
    let destroyed = dokku.ssh(&["apps:destroy", "--force", &app]);
    // Its containers bear the number of this story, not that of the appliance, by which others are found.
    for id in dokku.containers(&app) {
        docker(&["rm", "-f", "-v", &id]);
    }
    // The one of old was made without labels, and has another name by now.
    docker(&["rm", "-f", "-v", started.out.trim()]);
    told.expect("see above");
    destroyed.ok();
}

#[test]
fn containers_without_labels_go_with_their_app() {
    if !is_wanted() {
        return;
    }
    let (folder, app) = (tempfile::tempdir().expect("a folder"), format!("elder-{}", run_id()));
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("open to all");
    let image = format!("dokku/{app}:latest");
    docker(&["tag", "busybox:latest", &image]).ok();
    let start = |name: &str, image: &str| {
        docker(&["run", "-d", "--name", name, image, "sleep", "600"]).ok().out.trim().to_owned()
    };
    let (web, replaced) = (format!("{app}.web.1"), format!("{app}.web.1.1577836800"));
    let own = [start(&web, &image), start(&replaced, &image)];
    let other = start(&format!("{app}.web.2"), "busybox:latest");
    plant(folder.path(), &app, &own[0]);
    let options = Options { data: Some(folder.path().display().to_string()), ..Options::default() };
    let dokku = Appliance::with(options).expect("the stories are wanted");
    let state = |id: &String| docker(&["inspect", "-f", "{{.State.Status}}", id]).out.trim().to_owned();
    let stopped = dokku.ssh(&["ps:stop", &app]);
    let after_stop: Vec<String> = own.iter().chain([&other]).map(&state).collect();
    let destroyed = dokku.ssh(&["apps:destroy", "--force", &app]);
    let after_destroy: Vec<String> = own.iter().chain([&other]).map(&state).collect();
    for id in own.iter().chain([&other]) {
        docker(&["rm", "-f", "-v", id]);
    }
    docker(&["rmi", &image]);
    stopped.ok();
    destroyed.ok();
    assert_eq!(after_stop, ["exited", "exited", "running"]);
    assert_eq!(after_destroy, ["", "", "running"]);
}
