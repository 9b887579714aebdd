use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, script: &str, expected: Expect) {
    expected.assert_eq(&installation.run("common/functions", script));
}

#[test]
fn an_app_that_is_not_there_ends_the_caller_with_twenty() {
    let here = Installation::new();
    check(
        &here,
        "verify_app_name web; echo reached",
        expect![[r#"
        reached
        goes on
    "#]],
    );
    check(
        &here,
        "verify_app_name nope; echo not reached",
        expect![[r#"
        2> !     App nope does not exist
        ends with 20
    "#]],
    );
    check(
        &here,
        "verify_app_name ''; echo not reached",
        expect![[r#"
        2> !     App  does not exist
        ends with 20
    "#]],
    );
    check(
        &here,
        "verify_app_name ../web; echo not reached",
        expect![[r#"
        2> !     App ../web does not exist
        ends with 20
    "#]],
    );
}

#[test]
fn an_app_the_caller_may_not_see_is_not_there() {
    let here = Installation::new();
    here.app("other");
    here.plugin("acl", "user-auth-app", "echo other");
    check(
        &here,
        "verify_app_name web; echo not reached",
        expect![[r#"
        2> !     App web does not exist
        ends with 20
    "#]],
    );
    check(
        &here,
        "verify_app_name other; dokku_apps; dokku_apps false",
        expect![[r#"
        other
        other
        web
        goes on
    "#]],
    );
}

#[test]
fn a_plugin_that_decides_who_may_can_use_the_functions() {
    let here = Installation::new();
    let script = r#"exec bash -c '. "$PLUGIN_CORE_AVAILABLE_PATH/common/property-functions"
        echo "asked by $1" >&2; fn-plugin-property-get acl web owner nobody >&2' bash "$@""#;
    here.plugin("acl", "user-auth", script);
    check(
        &here,
        "dokku apps:exists web",
        expect![[r#"
        2>asked by tester
        2>nobody
        goes on
    "#]],
    );
}

#[test]
fn apps_are_listed_and_none_ends_the_shell_it_is_asked_in() {
    let here = Installation::new();
    here.app("api");
    check(
        &here,
        "dokku_apps",
        expect![[r#"
        api
        web
        goes on
    "#]],
    );
    let empty = Installation::new();
    std::fs::remove_dir(empty.path("home/web")).unwrap();
    check(
        &empty,
        "dokku_apps; echo not reached",
        expect![[r#"
        2> !     You haven't deployed any applications yet
        ends with 1
    "#]],
    );
    check(
        &empty,
        "apps=$(dokku_apps) || echo \"none: $apps\"",
        expect![[r#"
        none: 
        2> !     You haven't deployed any applications yet
        goes on
    "#]],
    );
}

#[test]
fn an_app_is_deployed_when_it_has_containers() {
    let here = Installation::new();
    check(
        &here,
        "is_deployed web",
        expect![[r#"
        goes on with 1
    "#]],
    );
    here.file("home/web/CONTAINER.web.1", "up\n");
    check(
        &here,
        "is_deployed web",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        &here,
        "is_deployed nope",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        &here,
        "is_deployed ''",
        expect![[r#"
        goes on with 1
    "#]],
    );
}

#[test]
fn containers_of_an_app() {
    let here = Installation::new();
    here.file("home/web/CONTAINER.web.1", "up\n");
    here.file("home/web/CONTAINER.worker.1", "down\n");
    check(
        &here,
        "get_app_container_ids web; get_app_container_ids web worker; get_app_container_ids web web.1
         get_app_container_ids web none",
        expect![[r#"
            up down
            down
            up

            goes on
        "#]],
    );
    check(
        &here,
        "is_container_status up Running",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        &here,
        "is_container_status down Running",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        &here,
        "is_container_status gone Running",
        expect![[r#"
        goes on with 1
    "#]],
    );
}

#[test]
fn the_scheduler_is_the_apps_or_that_of_all() {
    let here = Installation::new();
    check(
        &here,
        "get_app_scheduler web; get_app_scheduler --global",
        expect![[r#"
        docker-local
        docker-local
        goes on
    "#]],
    );
    here.file("lib/config/scheduler/web/selected", "k3s");
    check(
        &here,
        "get_app_scheduler web",
        expect![[r#"
        k3s
        goes on
    "#]],
    );
}

#[test]
fn names_of_apps_are_checked() {
    let here = Installation::new();
    check(
        &here,
        "is_valid_app_name a-b.c && fn-is-valid-app-name Nope",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        &here,
        "is_valid_app_name Nope; echo not reached",
        expect![[r#"
        2> !     App name must begin with lowercase alphanumeric character, and may only contain lowercase alphanumerics, dots, and hyphens
        ends with 1
    "#]],
    );
}

#[test]
fn what_has_no_image_is_not_released() {
    let here = Installation::new();
    check(
        &here,
        "release_and_deploy nope",
        expect![[r#"
        2> !     App nope does not exist
        goes on with 20
    "#]],
    );
}
