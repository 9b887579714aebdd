//! Plugins and the life of a container: they are on the volume, or come with an image of somebody's own.

use crate::support::appliance::{Options, docker, image, is_wanted, run_id};
use crate::support::{Appliance, Repository};

/// A plugin whose `install` leaves a file in the container, outside of the volume.
fn toys(edition: u32) -> Repository {
    let repository = Repository::empty();
    let manifest =
        format!("[plugin]\ndescription = \"toys\"\nversion = \"0.{edition}.0\"\n[plugin.config]\n");
    let install = "#!/usr/bin/env bash\nsource \"$PLUGIN_CORE_AVAILABLE_PATH/common/functions\"\n\
                   echo \"%dokku ALL=(ALL) NOPASSWD:/bin/true\" >/etc/sudoers.d/dokku-toys\n\
                   dokku_log_info1 \"toys are ready\"\n";
    repository
        .write("plugin.toml", &manifest)
        .write_program("subcommands/default", &format!("#!/bin/sh\necho edition {edition}\n"))
        .write_program("install", install)
        .commit("toys");
    repository
}

/// Whether the plugin answers, and what it keeps outside of the volume is there.
#[track_caller]
fn is_at_work(dokku: &Appliance, edition: u32) {
    dokku.ssh(&["toys"]).ok().says(&format!("edition {edition}"));
    dokku.inside(&["cat", "/etc/sudoers.d/dokku-toys"]).ok().says("/bin/true");
    dokku.dokku(&["plugin:list"]).ok().says(&format!("0.{edition}.0 enabled    toys"));
}

fn replace(dokku: &Appliance) {
    docker(&["rm", "-f", &dokku.name()]).ok();
    dokku.boot();
    dokku.wait_healthy();
}

#[test]
fn plugins_of_the_list_are_installed_and_outlive_the_container() {
    let Some(dokku) = Appliance::start() else { return };
    let repository = toys(1);
    let source = format!("{}:/mnt/dokku/toys-source", dokku.name());
    docker(&["cp", &repository.path().to_string_lossy(), &source]).ok();
    let list = "toys: file:///mnt/dokku/toys-source\nnone: file:///mnt/dokku/not-there\n";
    dokku.inside_with(&["tee", "/mnt/dokku/plugin-list"], list.as_bytes()).ok();
    replace(&dokku);
    is_at_work(&dokku, 1);
    docker(&["logs", &dokku.name()]).ok().says("not-there");
    // The plugin's code is on the volume: nothing is fetched any more.
    dokku.inside(&["rm", "-rf", "/mnt/dokku/toys-source", "/mnt/dokku/plugin-list"]).ok();
    replace(&dokku);
    is_at_work(&dokku, 1);
}

/// Builds an image of somebody's own, as documented: no engine is at hand while it is built.
fn bake(tag: &str, repository: &Repository) {
    let context = tempfile::tempdir().expect("a folder");
    crate::support::repository::copy(repository.path(), &context.path().join("toys"));
    let lines = format!(
        "FROM {}\nCOPY toys /source/toys\n\
         RUN dokku plugin:install --skip-install-trigger file:///source/toys --name toys\n",
        image()
    );
    std::fs::write(context.path().join("Dockerfile"), lines).expect("written");
    let words = ["build", "-q", "-t", tag, &context.path().to_string_lossy()];
    let environment = [("DOCKER_BUILDKIT", "1")];
    crate::support::shell::run(300, &[&["/usr/bin/docker"][..], &words].concat(), &environment, b"").ok();
}

#[test]
fn plugins_of_a_derived_image_are_there_and_follow_the_image() {
    if !is_wanted() {
        return;
    }
    let tag = format!("dokku-baked:{}", run_id());
    bake(&tag, &toys(1));
    let told = std::panic::catch_unwind(|| {
        let options = Options { image: Some(tag.clone()), ..Options::default() };
        let dokku = Appliance::with(options).expect("the stories are wanted");
        is_at_work(&dokku, 1);
        dokku.inside(&["test", "-d", "/mnt/dokku/var/lib/dokku/plugins/available/toys/.git"]).ok();
        bake(&tag, &toys(2));
        replace(&dokku);
        is_at_work(&dokku, 2);
        dokku.dokku(&["plugin:uninstall", "toys"]).ok();
        replace(&dokku);
        dokku.ssh(&["toys"]).fails();
    });
    docker(&["rmi", "-f", &tag]);
    told.expect("see above");
}
