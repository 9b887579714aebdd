use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, script: &str, expected: Expect) {
    expected.assert_eq(&installation.run("common/functions", script));
}

/// An app whose image was pushed to a registry as number 2.
fn pushed() -> Installation {
    let here = Installation::new();
    here.plugin("registry-of-mine", "deployed-app-image-tag", "echo 2");
    here.plugin("registry-of-mine", "deployed-app-repository", "echo registry.example/");
    here
}

#[test]
fn the_name_of_an_apps_image() {
    let here = Installation::new();
    check(
        &here,
        "get_app_image_repo web",
        expect![[r#"
        dokku/web
        goes on
    "#]],
    );
    check(
        &here,
        "get_app_image_name web; echo $IMAGE_REPO",
        expect![[r#"
        dokku/web:latest
        dokku/web
        goes on
    "#]],
    );
    check(
        &here,
        "get_app_image_name web 1; get_app_image_name web '' mine; echo $IMAGE_REPO",
        expect![[r#"
        dokku/web:1
        mine:latest
        mine
        goes on
    "#]],
    );
    check(
        &here,
        "get_app_image_name web 2; echo not reached",
        expect![[r#"
        2> !     App image (dokku/web:2) not found
        ends with 1
    "#]],
    );
}

#[test]
fn an_image_that_was_pushed_is_pulled() {
    let here = pushed();
    check(
        &here,
        "get_app_image_name web 2; cat docker",
        expect![[r#"
        dokku/web:2
        tagged
        2>-----> Image dokku/web:2 not found locally, pulling from registry
        2>pulled
        goes on
    "#]],
    );
    check(
        &here,
        "get_app_image_name web 3; echo not reached",
        expect![[r#"
        2>-----> Image dokku/web:3 not found locally, pulling from registry
        2>no answer for: image pull registry.example/dokku/web:3
        2> !     App image (dokku/web:3) not found
        ends with 1
    "#]],
    );
    check(
        &here,
        "fn-verify-app-image web dokku/none:latest",
        expect![[r#"
        goes on with 1
    "#]],
    );
}

#[test]
fn the_tag_that_runs() {
    check(
        &Installation::new(),
        "get_running_image_tag web; get_running_image_tag web 5",
        expect![[r#"
        latest
        5
        goes on
    "#]],
    );
    check(
        &pushed(),
        "get_running_image_tag web; get_running_image_tag web 5",
        expect![[r#"
        2
        2
        goes on
    "#]],
    );
}

#[test]
fn the_image_that_is_being_deployed() {
    let here = Installation::new();
    check(
        &here,
        "get_deploying_app_image_name web 1",
        expect![[r#"
        dokku/web:1
        goes on
    "#]],
    );
    check(
        &here,
        "get_deploying_app_image_name web 9; echo not reached",
        expect![[r#"
        2> !     App image (dokku/web:9) not found
        ends with 1
    "#]],
    );
    let here = pushed();
    here.plugin("registry-of-mine", "deployed-app-repository", "true");
    here.plugin("registry-of-mine", "deployed-app-image-tag", "echo 1");
    // The registry's own answer comes before the name that is given.
    check(
        &here,
        "get_deploying_app_image_name web latest other/name",
        expect![[r#"
        dokku/web:1
        goes on
    "#]],
    );
}

#[test]
fn an_image_is_looked_for_with_a_word_about_the_successor() {
    let here = Installation::new();
    check(
        &here,
        "verify_image dokku/web:1",
        expect![[r#"
        2> !     Deprecated: please use 'fn-verify-app-image' instead of 'verify_image'
        goes on
    "#]],
    );
    check(
        &here,
        "verify_image nope",
        expect![[r#"
        2> !     Deprecated: please use 'fn-verify-app-image' instead of 'verify_image'
        goes on with 1
    "#]],
    );
}

#[test]
fn what_an_image_was_built_with() {
    let here = Installation::new();
    check(
        &here,
        "is_image_cnb_based cnb",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        &here,
        "is_image_cnb_based plain",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        &here,
        "is_image_herokuish_based cnb web",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        &here,
        "is_image_herokuish_based herokuish web",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        &here,
        "is_image_herokuish_based plain web",
        expect![[r#"
        goes on with 1
    "#]],
    );
    here.file("lib/config/web/ENV", "DOKKU_APP_USER=\"postgres\"\n");
    check(
        &here,
        "is_image_herokuish_based herokuish web",
        expect![[r#"
        goes on with 1
    "#]],
    );
}

#[test]
fn a_file_is_copied_out_of_an_image() {
    let here = Installation::new();
    check(
        &here,
        "APP=web; copy_from_image herokuish Procfile copy && od -c copy | head -1; cat docker",
        expect![[r#"
            0000000   w   e   b   :       r   u   n  \n
            removed
            goes on
        "#]],
    );
    check(
        &here,
        "APP=web; copy_from_image plain Procfile copy && cat copy",
        expect![[r#"
        web: run
        goes on
    "#]],
    );
    check(
        &here,
        "APP=web; copy_from_image plain /etc/Procfile copy && cat copy",
        expect![[r#"
        web: run
        goes on
    "#]],
    );
    check(
        &here,
        "APP=web; copy_from_image plain /none copy; echo \"rc $?\"; cat docker | wc -l",
        expect![[r#"
            rc 1
            4
            goes on
        "#]],
    );
}
