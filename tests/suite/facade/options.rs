use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, script: &str, expected: Expect) {
    expected.assert_eq(&installation.run("docker-options/functions", script));
}

const STORED: &str = "head lib/config/docker-options/web/*";

#[test]
fn an_option_is_kept_once_in_each_phase_and_removed_word_for_word() {
    let here = Installation::new();
    let phases = "APP=web; phases=(build deploy)";
    check(
        &here,
        &format!(
            "{phases}; add_passed_docker_option 'phases[@]' '--link b:b'; add_passed_docker_option 'phases[@]' '-v a b:c'
             add_passed_docker_option 'phases[@]' '--link b:b'; {STORED}"
        ),
        expect![[r#"
            ==> lib/config/docker-options/web/_default_.build <==
            --link b:b
            -v a b:c

            ==> lib/config/docker-options/web/_default_.deploy <==
            --link b:b
            -v a b:c
            2> !     Deprecated: please use 'dokku docker-options:add' instead of 'add_passed_docker_option'
            2> !     Deprecated: please use 'dokku docker-options:add' instead of 'add_passed_docker_option'
            2> !     Deprecated: please use 'dokku docker-options:add' instead of 'add_passed_docker_option'
            goes on
        "#]],
    );
    check(
        &here,
        &format!("{phases}; remove_passed_docker_option 'phases[@]' '--link b:b'; {STORED}"),
        expect![[r#"
            ==> lib/config/docker-options/web/_default_.build <==
            -v a b:c

            ==> lib/config/docker-options/web/_default_.deploy <==
            -v a b:c
            2> !     Deprecated: please use 'dokku docker-options:remove' instead of 'remove_passed_docker_option'
            goes on
        "#]],
    );
}

#[test]
fn a_helper_of_a_plugin_passes_the_name_of_its_own_array() {
    let here = Installation::new();
    let helper =
        "link() { local APP=$1; local phases=(run); add_passed_docker_option 'phases[@]' '--link a:a'; }";
    check(
        &here,
        &format!("{helper}; link web; {STORED}"),
        expect![[r#"
        --link a:a
        2> !     Deprecated: please use 'dokku docker-options:add' instead of 'add_passed_docker_option'
        goes on
    "#]],
    );
    check(
        &here,
        &format!("{helper}; link nope"),
        expect![[r#"
        2> !     Deprecated: please use 'dokku docker-options:add' instead of 'add_passed_docker_option'
        2> !     App nope does not exist
        goes on with 20
    "#]],
    );
}

#[test]
fn phases_are_checked() {
    let here = Installation::new();
    check(
        &here,
        "get_phases build,run",
        expect![[r#"
        build run
        2> !     Deprecated: 'dokku docker-options:add' takes the comma list that 'get_phases' splits
        goes on
    "#]],
    );
    check(
        &here,
        "get_phases build,start; echo not reached",
        expect![[r#"
        2> !     Deprecated: 'dokku docker-options:add' takes the comma list that 'get_phases' splits
        2> !     Phase(s) must be one of [build deploy run]
        ends with 1
    "#]],
    );
}
