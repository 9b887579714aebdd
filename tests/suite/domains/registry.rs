//! registry: logins, and releases on their way to a registry.

use std::os::unix::fs::PermissionsExt;

use expect_test::expect;

use crate::support::World;

fn shop() -> World {
    let world = World::new();
    world.run("--quiet apps:create shop");
    world
}

#[test]
fn a_login_is_asked_for_at_the_registry_and_kept_for_whom_it_is() {
    let world = shop();
    expect![[r#"
        2> !     Login Succeeded for shop
    "#]]
    .assert_eq(&world.run("registry:login shop ghcr.io me secret"));
    expect![[r#"
        2> !     Login Succeeded for global registry
    "#]]
    .assert_eq(
        &world.run_with_input("registry:login --global --password-stdin hub.docker.com me", "secret\n"),
    );
    expect![[r#"
        2> !     Deprecated: please use --global flag for global registry login
        2> !     Login Succeeded for global registry
    "#]]
    .assert_eq(&world.run("registry:login quay.io me secret"));
    let own = world.layout.lib.join("config/registry/shop/config.json");
    let mode = std::fs::metadata(&own).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&own).expect("readable");
    assert!(text.contains("ghcr.io") && !text.contains("secret"), "{text}");
    let shared = std::fs::read_to_string(world.layout.root.join(".docker/config.json")).expect("readable");
    assert!(shared.contains("https://index.docker.io/v1/") && shared.contains("quay.io"), "{shared}");

    expect![""].assert_eq(&world.run("registry:logout shop ghcr.io"));
    expect![[r#"
        2> !     Not logged in to ghcr.io
    "#]]
    .assert_eq(&world.run("registry:logout shop ghcr.io"));
    expect![""].assert_eq(&world.run("registry:logout quay.io"));
}

#[test]
fn a_login_that_is_refused_is_not_kept() {
    let world = shop();
    world.run("registry:login shop ghcr.io me secret");
    let own = world.layout.lib.join("config/registry/shop/config.json");
    let before = std::fs::read(&own).expect("readable");
    expect![[r#"
        2> !     Unable to run docker login: incorrect username or password
        exit 1
    "#]]
    .assert_eq(&world.run("registry:login shop ghcr.io me wrong"));
    assert_eq!(std::fs::read(&own).expect("readable"), before);
    for (line, told) in [
        ("registry:login --global", "Missing server argument"),
        ("registry:login --global ghcr.io", "Missing username argument"),
        ("registry:login --global ghcr.io me", "Missing password argument"),
        ("registry:login nothing ghcr.io me secret", "App nothing does not exist"),
        ("registry:logout", "Missing server argument"),
        ("registry:logout nothing ghcr.io", "App nothing does not exist"),
    ] {
        let said = world.run(line);
        assert!(said.contains(told) && said.contains("exit "), "{line}: {said}");
    }
    world.run("--quiet apps:create other");
    assert!(
        world.run("registry:logout other ghcr.io").contains("No registry credentials found for app other")
    );
}

#[test]
fn plugins_hear_of_a_login() {
    let world = shop();
    world.add_plugin("heard", "post-registry-login", "echo $1 $2 $DOCKER_REGISTRY_PASS");
    assert!(world.run("registry:login shop ghcr.io me secret").contains("ghcr.io me secret"));
}

#[test]
fn a_clone_has_the_logins_too_and_they_go_with_the_app() {
    let world = shop();
    world.run("registry:login shop ghcr.io me secret");
    world.run("apps:clone --skip-deploy shop copy");
    world.run("apps:rename --skip-deploy shop store");
    for app in ["copy", "store"] {
        let path = world.layout.lib.join(format!("config/registry/{app}/config.json"));
        assert!(std::fs::read_to_string(&path).is_ok_and(|text| text.contains("ghcr.io")), "{app}");
        world.run(&format!("--force apps:destroy {app}"));
        assert!(!path.exists(), "{app}");
    }
}
