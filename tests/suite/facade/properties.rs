use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, script: &str, expected: Expect) {
    expected.assert_eq(&installation.run("common/property-functions", script));
}

#[test]
fn a_value_is_written_read_and_deleted() {
    let here = Installation::new();
    check(
        &here,
        "fn-plugin-property-write redis web key 'a  b'; fn-plugin-property-get redis web key",
        expect![[r#"
            a  b
            goes on
        "#]],
    );
    check(
        &here,
        "od -c \"$DOKKU_LIB_ROOT/config/redis/web/key\" | head -1; stat -c %a lib/config/redis/web/key",
        expect![[r#"
            0000000   a           b
            600
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-delete redis web key; fn-plugin-property-delete redis web key",
        expect![[r#"
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-get redis web key",
        expect![[r#"

        goes on
    "#]],
    );
}

#[test]
fn a_default_stands_in_for_what_was_never_set_only() {
    let here = Installation::new();
    check(
        &here,
        "fn-plugin-property-get redis web key standard; fn-plugin-property-get-default redis web key old",
        expect![[r#"
            standard
            old
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-write redis web key ''; fn-plugin-property-get redis web key standard",
        expect![[r#"

            goes on
        "#]],
    );
}

#[test]
fn words_that_look_like_flags_are_values() {
    let here = Installation::new().with("DOKKU_APP_NAME", "other");
    check(
        &here,
        "fn-plugin-property-write redis --global key --force; fn-plugin-property-get redis --global key
         fn-plugin-property-write redis My_Service key --app; fn-plugin-property-get redis My_Service key",
        expect![[r#"
            --force
            --app
            goes on
        "#]],
    );
}

#[test]
fn whether_there_is_one_is_told_by_the_status() {
    let here = Installation::new();
    check(
        &here,
        "fn-plugin-property-exists redis web key",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        &here,
        "fn-plugin-property-write redis web key ''; fn-plugin-property-exists redis web key",
        expect![[r#"
            goes on
        "#]],
    );
}

#[test]
fn all_of_an_apps_are_listed_copied_and_destroyed() {
    let here = Installation::new();
    check(
        &here,
        "fn-plugin-property-write redis web b.1 two; fn-plugin-property-write redis web a 'one  1'
         fn-plugin-property-get-all redis web; fn-plugin-property-get-all-by-prefix redis web b.",
        expect![[r#"
            a one  1
            b.1 two
            b.1 two
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-clone redis web new; fn-plugin-property-get-all redis new",
        expect![[r#"
            a one  1
            b.1 two
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-clone redis nobody new; fn-plugin-property-get-all redis nobody",
        expect![[r#"
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-destroy redis web; fn-plugin-property-destroy redis web; ls lib/config/redis",
        expect![[r#"
            new
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-destroy redis _all_; ls lib/config",
        expect![[r#"
        goes on
    "#]],
    );
}

#[test]
fn folders_are_made_for_a_plugin_and_an_app() {
    let here = Installation::new();
    check(
        &here,
        "fn-plugin-property-setup redis; fn-plugin-property-setup redis; stat -c %a lib/config/redis
         fn-plugin-property-setup-app redis web; stat -c %a lib/config/redis/web",
        expect![[r#"
            755
            755
            goes on
        "#]],
    );
}

#[test]
fn no_name_leads_out_of_the_store() {
    let here = Installation::new();
    check(
        &here,
        "fn-plugin-property-write redis ../.. key value",
        expect![[r#"
        2> !     Invalid name of a app: '../..'
        goes on with 1
    "#]],
    );
    check(
        &here,
        "fn-plugin-property-write redis web a/b value",
        expect![[r#"
        2> !     Invalid name of a property: 'a/b'
        2> !     It was asked for by the plugin redis, for web
        goes on with 1
    "#]],
    );
    check(
        &here,
        "fn-plugin-property-destroy '' _all_",
        expect![[r#"
        2> !     Invalid name of a plugin: ''
        goes on with 1
    "#]],
    );
    check(
        &here,
        "fn-plugin-property-get redis '' key none",
        expect![[r#"
        none
        goes on
    "#]],
    );
}

#[test]
fn nobody_calls_them_over_ssh() {
    let here = Installation::new().with("NAME", "stranger");
    check(
        &here,
        "unset DOKKU_COMMAND; dokku plugin-call fn-plugin-property-write redis web key value",
        expect![[r#"
            2> !     plugin-call is for plugins
            goes on with 1
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-write redis web key value",
        expect![[r#"
        goes on
    "#]],
    );
}
