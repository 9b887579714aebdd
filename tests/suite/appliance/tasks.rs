//! Tasks around a deploy, on a real engine: what they print, leave and undo.

use crate::support::appliance::docker;
use crate::support::{Appliance, Repository};

/// The images and containers of an app.
fn things_of(app: &str) -> String {
    let label = format!("label=com.dokku.app-name={app}");
    let images = docker(&["images", "--all", "--quiet", "--no-trunc", "--filter", &label]).ok().out;
    images + &docker(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &label]).ok().out
}

#[test]
fn tasks_run_around_a_deploy_and_a_failing_one_undoes_it() {
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("tasks"), Repository::of("hello"));
    dokku.dokku(&["apps:create", &app]).ok();
    dokku.dokku(&["scheduler:set", &app, "shell", "/bin/sh"]).ok();
    repository.write("Procfile", "web: sh -c 'exec httpd -f -p $PORT -h /www'\nrelease: echo key $KEY\n");
    let app_json = r#"{
        "scripts": { "dokku": { "predeploy": "echo made before > /www/made.txt; echo predeployed",
                                "postdeploy": "echo gone > /www/gone.txt; echo postdeployed" } },
        "env": { "KEY": { "value": "of-the-till" } }
    }"#;
    repository.write("app.json", app_json).commit("tasks");
    dokku
        .push(&repository, &app)
        .ok()
        .says("       predeployed")
        .says("       key of-the-till")
        .says("       postdeployed");
    dokku.wait_page(&app, "pushed with git");
    assert_eq!(dokku.get(&app, "/made.txt").expect("an answer").body.trim(), "made before");
    assert_eq!(dokku.get(&app, "/gone.txt").expect("an answer").status, 404);
    let before = things_of(&app);

    repository.write("app.json", &app_json.replace("echo predeployed", "exit 3")).commit("broken");
    dokku.push(&repository, &app).fails().says("Execution of predeploy task failed: echo made");
    assert_eq!(things_of(&app), before, "nothing of the failed deploy is left");
    dokku.wait_page(&app, "pushed with git");

    repository.write("app.json", &app_json.replace("echo postdeployed", "exit 4")).commit("fails late");
    dokku.push(&repository, &app).fails().says("Execution of postdeploy task failed");
    dokku.wait_page(&app, "pushed with git");
    dokku.push(&repository, &app).fails();
    repository.write("app.json", app_json).commit("mended");
    dokku.push(&repository, &app).ok().says("Application deployed");
}
