//! The list of buildpacks.

use expect_test::expect;

use crate::support::World;

fn with_app() -> World {
    let world = World::new();
    world.run("--quiet apps:create hello");
    world
}

fn names(world: &World) -> String {
    let list = world.run("buildpacks:report hello --buildpacks-list");
    list.trim().replace("https://github.com/heroku/heroku-buildpack-", "").replace(".git", "")
}

#[test]
fn the_list_is_kept_in_order() {
    let world = with_app();
    for (line, list) in [
        ("add hello heroku/nodejs", "nodejs"),
        ("add hello heroku/ruby", "nodejs,ruby"),
        ("add --index 1 hello heroku-community/go", "go,nodejs,ruby"),
        ("add --index 100 hello heroku/php", "go,nodejs,ruby,php"),
        ("set hello heroku/java", "java,nodejs,ruby,php"),
        ("set --index 2 hello heroku/scala", "java,scala,ruby,php"),
        ("set --index 100 hello heroku/play", "java,scala,ruby,php,play"),
        ("set --replace hello heroku/go heroku/php", "go,php"),
        ("clear hello", ""),
        ("clear hello", ""),
    ] {
        assert_eq!(world.run(&format!("buildpacks:{line}")), "", "{line}");
        assert_eq!(names(&world), list, "{line}");
    }
    world.run("buildpacks:set --replace hello heroku/go https://example.com/a/b");
    expect![[r#"
        -----> hello buildpack urls
               https://github.com/heroku/heroku-buildpack-go.git
               https://example.com/a/b
    "#]]
    .assert_eq(&world.run("buildpacks:list hello"));
    assert_eq!(
        world.run("buildpacks:remove hello https://example.com/a/b"),
        "-----> Removing https://example.com/a/b\n"
    );
    assert_eq!(world.run("--quiet buildpacks:remove hello --index 1"), "");
    assert_eq!(names(&world), "");
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let world = with_app();
    world.run("buildpacks:add hello heroku/go");
    for (line, words) in [
        ("add hello", "Must specify a buildpack url or reference"),
        ("add hello http://nodejs", "Invalid buildpack specified: http://nodejs"),
        ("set hello", "Must specify a buildpack"),
        ("set hello heroku/a heroku/b", "Setting multiple buildpacks requires the --replace flag"),
        (
            "set --replace hello",
            "Must specify at least one buildpack, use buildpacks:clear to remove all buildpacks",
        ),
        ("set --replace --index 1 hello heroku/a", "The --index flag cannot be used with --replace"),
        ("set --replace hello heroku/a nodejs", "Invalid buildpack specified: nodejs"),
        ("remove hello", "Must specify a buildpack to remove, either by index or URL"),
        ("remove --index 1 hello heroku/go", "Please choose either index or Buildpack, but not both"),
        ("remove --index 2 hello", "Index not found"),
        ("remove hello heroku/php", "Value not found"),
    ] {
        let said = world.run(&format!("buildpacks:{line}"));
        assert!(said.contains(&format!(" !     {words}\n")) && said.contains("exit 1"), "{line}: {said}");
        assert_eq!(names(&world), "go", "{line}");
    }
    world.run("buildpacks:clear hello");
    let said = world.run("buildpacks:remove hello heroku/php");
    assert!(
        said.contains("No buildpacks were found, next release on hello will detect buildpack normally"),
        "{said}"
    );
}

#[test]
fn the_stack_is_the_apps_else_the_servers_else_the_old_variables() {
    let world = with_app();
    let stack = || world.run("plugin:trigger buildpack-stack-name hello");
    assert_eq!(stack(), "");
    world.run("config:set --no-restart hello DOKKU_IMAGE=old:1");
    assert!(stack().contains("old:1\n") && stack().contains("Deprecated: use buildpacks:set-property"));
    let set = world.run("buildpacks:set-property --global stack global:1");
    assert_eq!(set, "=====> Setting stack to global:1\n");
    assert_eq!(stack(), "global:1\n");
    world.run("buildpacks:set-property hello stack own:1");
    assert_eq!(stack(), "own:1\n");
    expect![[r#"
        =====> hello buildpacks information
               Buildpacks computed stack:     own:1
               Buildpacks global stack:       global:1
               Buildpacks list:               
               Buildpacks stack:              own:1
    "#]]
    .assert_eq(&world.run("buildpacks:report hello"));
    assert_eq!(world.run("buildpacks:set-property hello stack"), "=====> Unsetting stack\n");
    assert_eq!(stack(), "global:1\n");
}
