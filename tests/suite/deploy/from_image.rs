//! Code that is an image.

use dokku::platform::docker::Image;

use super::Shop;
use crate::support::Repository;
use crate::support::fake_docker::PlannedBuild;

fn image() -> Image {
    let mut image = Image::default();
    image.config.cmd = vec!["serve".to_owned()];
    image.config.working_dir = "/app".to_owned();
    image
}

fn shop() -> Shop {
    let shop = Shop::new();
    for name in ["team/app:1", "team/app:2"] {
        let id = shop.world.docker.have_image(name, image());
        shop.world.docker.have_file(&id, "/app/Procfile", "web: serve\nworker: work\n");
    }
    shop
}

/// Asks the system's git about the repository on the server.
fn git(shop: &Shop, words: &[&str]) -> String {
    let folder = shop.world.layout.root.join("shop").display().to_string();
    let elsewhere = Repository::of("hello");
    elsewhere.git(&[&["-C", folder.as_str()], words].concat()).ok().out.clone()
}

#[test]
fn an_image_becomes_code_and_the_code_a_release() {
    let shop = shop();
    shop.world.docker.plan_build(PlannedBuild { image: image(), ..PlannedBuild::default() });
    let said = shop.world.run("git:from-image shop team/app:1 Jo jo@example.com");
    for line in [
        "-----> Generating build context\n-----> Image exists on host, skipping pull\n",
        "-----> Updating git repository with specified build context\n",
        "-----> Building shop from Dockerfile\n",
        "=====> Application deployed:\n",
    ] {
        assert!(said.contains(line), "{line}{said}");
    }
    assert_eq!(git(&shop, &["fsck", "--strict", "--no-dangling"]), "");
    assert_eq!(git(&shop, &["log", "--format=%an %ae %s", "master"]), "Jo jo@example.com Initial commit\n");
    let label = "LABEL com.dokku.docker-image-labeler/alternate-tags=[\\\"team/app:1\\\"]";
    assert_eq!(git(&shop, &["show", "master:Dockerfile"]), format!("FROM team/app:1\n{label}\n"));
    assert_eq!(shop.world.run("git:report shop --git-source-image"), "team/app:1\n");
    // The Procfile is the image's.
    assert!(shop.world.run("ps:scale shop").contains("worker: 0"), "{}", shop.world.run("ps:scale shop"));
    let again = shop.world.run("git:from-image shop team/app:1");
    assert!(again.contains("No changes detected, skipping git commit"), "{again}");
    assert!(again.ends_with("exit 1\n"), "{again}");
}

#[test]
fn an_image_that_does_not_build_changes_nothing() {
    let shop = shop();
    shop.world.docker.plan_build(PlannedBuild { image: image(), ..PlannedBuild::default() });
    shop.world.run("git:from-image shop team/app:1");
    let before = (shop.seen(), git(&shop, &["rev-parse", "master"]));
    shop.world.docker.plan_build(PlannedBuild { error: Some("no".to_owned()), ..PlannedBuild::default() });
    let said = shop.world.run("git:from-image shop team/app:2");
    assert!(said.ends_with("exit 1\n"), "{said}");
    assert_eq!((shop.seen(), git(&shop, &["rev-parse", "master"])), before);
    assert_eq!(shop.world.run("git:report shop --git-source-image"), "team/app:1\n");
}

#[test]
fn a_branch_that_moves_meanwhile_keeps_the_release_it_had() {
    let shop = shop();
    shop.world.docker.plan_build(PlannedBuild { image: image(), ..PlannedBuild::default() });
    shop.world.run("git:from-image shop team/app:1");
    let before = shop.seen();
    let folder = shop.world.layout.root.join("shop").display().to_string();
    let mover = format!(
        "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b\n\
         cd {folder} && git update-ref refs/heads/master $(git commit-tree -m other -p master master^{{tree}})"
    );
    shop.world.add_plugin("00_mover", "post-release-builder", &mover);
    shop.world.docker.plan_build(PlannedBuild { image: image(), ..PlannedBuild::default() });
    let said = shop.world.run("git:from-image shop team/app:2");
    assert!(said.contains("The branch has moved meanwhile"), "{said}");
    assert!(said.ends_with("exit 1\n"), "{said}");
    assert_eq!(shop.seen(), before);
    assert_eq!(git(&shop, &["log", "-1", "--format=%s", "master"]), "other\n");
}

#[test]
fn what_is_missing_is_said() {
    let shop = shop();
    assert!(shop.world.run("git:from-image shop").contains("Please specify a docker image"));
    assert!(shop.world.run("git:from-image nowhere team/app:1").contains("App nowhere does not exist"));
    let said = shop.world.run("git:from-image --build-dir /nowhere shop team/app:1");
    assert!(said.contains("Invalid BUILD_DIR specified for docker build context"), "{said}");
    let said = shop.world.run("git:load-image shop team/app:9");
    assert!(said.contains("the specified docker image was not found: team/app:9"), "{said}");
}
