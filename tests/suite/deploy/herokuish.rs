//! A deploy with buildpacks.

use std::sync::Arc;

use dokku::kernel::{Buffers, Result, Stream};
use dokku::platform;
use dokku::platform::docker::Image;
use dokku::platform::steps::Unwatched;
use dokku::{deploy, store};

use super::{Ear, Shop};
use crate::support::fake_docker::PlannedRun;

const STACK: &str = "gliderlabs/herokuish:latest-24";
const CODE: &[(&str, &str)] =
    &[("web.py", "print()\n"), ("Procfile", "web: python3 web.py\r\n"), (".env", "A=b\n")];

fn shop() -> Shop {
    let shop = Shop::new();
    let id = shop.world.docker.have_image(STACK, Image::default());
    shop.world.docker.have_file(
        &id,
        "/etc/passwd",
        "root:x:0:0::/:/bin/sh\nherokuishuser:x:32767:32767::/app:/bin/sh\n",
    );
    shop
}

/// What the containers of the next build do, in their order: herokuish, and the change of owners.
fn plan(shop: &Shop, status: i64) {
    let build = PlannedRun {
        stdout: "-----> Python app detected\n       fetched\n".to_owned(),
        exit: Some(status),
        ..PlannedRun::default()
    };
    shop.world.docker.plan_run("dokku/shop:latest", build);
    if status == 0 {
        let give = PlannedRun { exit: Some(0), ..PlannedRun::default() };
        shop.world.docker.plan_run("dokku/shop:latest", give);
    }
}

async fn push(shop: &Shop, code: &[(&str, &str)]) -> (Result, String) {
    let buffers = Arc::new(Buffers::default());
    let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(buffers.clone());
    let outcome = match shop.receive_files(&ctx, "one", code).await {
        Ok(_turn) => deploy::commit(&ctx, &shop.app).await,
        Err(failure) => Err(failure),
    };
    (outcome, buffers.text(Stream::Stdout))
}

#[test]
fn code_that_no_other_builder_knows_is_built_and_run_by_herokuish() {
    let shop = shop();
    plan(&shop, 0);
    let (outcome, told) = platform::runtime().unwrap().block_on(push(&shop, CODE));
    outcome.expect("deployed");
    for line in [
        "-----> Building shop from herokuish",
        "-----> Adding BUILD_ENV to build environment...",
        "-----> Python app detected",
        "       fetched",
        "-----> Releasing shop...",
    ] {
        assert!(told.lines().any(|one| one == line), "{line} was not said:\n{told}");
    }
    let calls = shop.world.docker.take_calls();
    let find = |word: &str| {
        calls.lines().find(|line| line.contains(word)).unwrap_or_else(|| panic!("{word}\n{calls}"))
    };
    let commits: Vec<&str> = calls.lines().filter(|line| line.starts_with("docker commit")).collect();
    assert_eq!(commits.len(), 3, "the code, the build, the release\n{calls}");
    let build = find(" /build");
    for part in [
        "--volume=cache-shop:/cache",
        "--mount=type=volume,target=/tmp/env",
        "--env=CACHE_PATH=/cache",
        "--env=USER=herokuishuser",
    ] {
        assert!(build.contains(part), "{part} is not in {build}");
    }
    assert!(find("--name=shop.web.1.upcoming").ends_with("dokku/shop:latest /start web"), "{calls}");

    let state = shop.world.docker.state();
    assert_eq!(state.containers.len(), 1, "those of the build are gone");
    let label = |key: &str| state.volumes["cache-shop"].labels.get(key).map(String::as_str);
    assert_eq!(
        (label("com.dokku.app-name"), label("com.dokku.builder-type")),
        (Some("shop"), Some("herokuish"))
    );
    let name = "dokku/shop:latest".to_owned();
    let image = state.images.values().find(|image| image.repo_tags.contains(&name)).expect("an image");
    assert_eq!(image.label("com.dokku.image-stage"), Some("release"));
    assert_eq!(image.label("com.dokku.builder-type"), Some("herokuish"));
    drop(state);
    let world = &shop.world;
    assert_eq!(world.run("ports:report shop --ports-map-detected").trim(), "http:80:5000");
    assert_eq!(world.run("plugin:trigger builder-image-is-herokuish shop dokku/shop").trim(), "true");
    assert_eq!(world.run("config:get --global CURL_TIMEOUT").trim(), "600");

    world.docker.take_calls();
    world.docker.plan_run("dokku/shop:latest", PlannedRun { exit: Some(0), ..PlannedRun::default() });
    world.run("run shop env");
    let calls = world.docker.take_calls();
    assert!(calls.contains("dokku/shop:latest /exec env"), "{calls}");
    world.run("--force apps:destroy shop");
    assert!(world.docker.state().volumes.is_empty(), "the cache goes with its app");
}

#[test]
fn a_build_that_fails_says_why_and_leaves_nothing() {
    let shop = shop();
    let runtime = platform::runtime().unwrap();
    plan(&shop, 0);
    runtime.block_on(push(&shop, CODE)).0.expect("deployed");
    let before = shop.seen();
    plan(&shop, 7);
    let (outcome, told) = runtime.block_on(push(&shop, CODE));
    assert_eq!(deploy::reason(&outcome.expect_err("the build failed")), "App build failed");
    for line in [
        "-----> Python app detected",
        " !     Failure starting container during app build",
        " !     The build ended with status 7; what it wrote stands above",
        " !     No builder knows how to build shop by its files, so buildpacks were tried.",
        " !       builder dockerfile, which wants a Dockerfile",
    ] {
        assert!(told.contains(line), "{line} was not said:\n{told}");
    }
    assert_eq!(before, shop.seen(), "what served before still serves, and no container is left");
}

#[test]
fn buildpacks_win_over_a_dockerfile_and_are_refused_before_the_build() {
    let code = |buildpacks: &'static str| {
        [CODE, &[("Dockerfile", "FROM scratch\n"), (".buildpacks", buildpacks)]].concat()
    };
    let shop = shop();
    let runtime = platform::runtime().unwrap();
    let (outcome, told) = runtime.block_on(push(&shop, &code("heroku/go\nnodejs\n")));
    outcome.expect_err("no buildpack");
    assert!(
        told.contains("Unable to parse .buildpacks file, line 1: Invalid buildpack specified: nodejs"),
        "{told}"
    );
    assert!(!shop.world.docker.take_calls().contains("docker create"), "nothing was built");

    plan(&shop, 0);
    let (outcome, told) = runtime.block_on(push(&shop, &code("heroku/go\n")));
    outcome.expect("deployed");
    assert!(told.contains("Building shop from herokuish"), "{told}");
}

#[test]
fn the_list_of_the_app_stands_before_that_of_its_code() {
    let shop = shop();
    let code = super::code::files(&[(".buildpacks", "heroku/go\n")]);
    let layout = &shop.world.layout;
    let file = || store::buildpacks::file(layout, &shop.app, "1", &code).expect("readable").expect("a file");
    assert_eq!(file(), "https://github.com/heroku/heroku-buildpack-go.git\n");
    shop.world.run("buildpacks:add shop heroku/ruby");
    assert_eq!(file(), "https://github.com/heroku/heroku-buildpack-ruby.git\n");
}

#[test]
fn a_kill_in_the_middle_of_a_build_leaves_no_container_behind() {
    let shop = shop();
    let before = shop.seen();
    let (ear, ctx) = (Arc::new(Ear::default()), shop.world.ctx(Arc::new(Unwatched)));
    platform::runtime().unwrap().block_on(async {
        // The container of the build runs and does not end.
        let ctx = ctx.printing_to(ear.clone());
        tokio::select! {
            _ = shop.receive_files(&ctx, "one", CODE) => panic!("it ended: {}", ear.text()),
            () = ear.heard("BUILD_ENV added successfully") => {}
        }
        assert!(shop.seen().contains("\ncontainer "), "{}", shop.seen());
        deploy::settle_all(&shop.world.ctx(Arc::new(Unwatched))).await.expect("the next start settles it");
    });
    assert_eq!(before, shop.seen());
}

#[test]
fn builders_are_chosen_by_the_files_of_a_folder_too() {
    let shop = shop();
    let folder = tempfile::tempdir().expect("a folder");
    let detected = |names: &[&str]| {
        let folder = folder.path();
        names.iter().for_each(|name| std::fs::write(folder.join(name), "").expect("writable"));
        let said = shop.world.run(&format!("plugin:trigger builder-detect shop {}", folder.display()));
        names.iter().for_each(|name| std::fs::remove_file(folder.join(name)).expect("removable"));
        said.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(detected(&[]), "");
    assert_eq!(detected(&["Dockerfile"]), "dockerfile");
    assert_eq!(detected(&["Dockerfile", "lambda.yml", "nixpacks.toml", "railpack.json"]), "dockerfile");
    assert_eq!(detected(&["Dockerfile", ".buildpacks"]), "herokuish");
    assert_eq!(detected(&["Dockerfile", "project.toml"]), "pack");
    assert_eq!(detected(&["lambda.yml", "railpack.json"]), "lambda");
    assert_eq!(detected(&["nixpacks.toml", "railpack.json"]), "nixpacks");
    assert_eq!(detected(&["railpack.json"]), "railpack");
    shop.world.run("builder-pack:set shop projecttoml-path other.toml");
    assert_eq!(detected(&["Dockerfile", "project.toml"]), "dockerfile");
    assert_eq!(detected(&["Dockerfile", "other.toml"]), "pack");
    shop.world.run("config:set --no-restart shop BUILDPACK_URL=heroku/go");
    assert_eq!(detected(&["Dockerfile"]), "herokuish");
    shop.world.run("builder:set shop selected other");
    assert_eq!(detected(&["Dockerfile"]), "other");
}

#[test]
fn code_for_a_builder_of_which_only_settings_are_there_is_refused_before_a_build() {
    let shop = shop();
    let code = [CODE, &[("railpack.json", "{}\n")]].concat();
    let (outcome, told) = platform::runtime().unwrap().block_on(push(&shop, &code));
    outcome.expect_err("nobody builds");
    for part in ["Nobody builds with the builder railpack\n", "a plugin that listens to builder-build\n"] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!shop.world.docker.take_calls().contains("docker create"), "nothing was built");
}
