use expect_test::{Expect, expect};

use super::Installation;

fn check(script: &str, expected: Expect) {
    expected.assert_eq(&Installation::new().run("common/functions", script));
}

fn check_quiet(script: &str, expected: Expect) {
    let quiet = Installation::new().with("DOKKU_QUIET_OUTPUT", "1");
    expected.assert_eq(&quiet.run("common/functions", script));
}

#[test]
fn lines_go_to_standard_output_with_their_arrows() {
    check(
        "dokku_log_info1 a  'b  c'; dokku_log_info2 a b; dokku_log_verbose a b; dokku_log_exclaim a b",
        expect![[r#"
            -----> a b  c
            =====> a b
                   a b
             !     a b
            goes on
        "#]],
    );
    check(
        "dokku_log_info1_quiet a; dokku_log_info2_quiet a; dokku_log_verbose_quiet a; dokku_log_quiet a",
        expect![[r#"
            -----> a
            =====> a
                   a
            a
            goes on
        "#]],
    );
}

#[test]
fn warnings_go_to_standard_error_and_the_caller_goes_on() {
    check(
        "dokku_log_warn a b; dokku_log_stderr c",
        expect![[r#"
        2> !     a b
        2>c
        goes on
    "#]],
    );
}

#[test]
fn quiet_hides_those_that_say_so_and_no_others() {
    check_quiet(
        "dokku_log_info1_quiet a; dokku_log_info2_quiet a; dokku_log_verbose_quiet a; dokku_log_quiet a
         dokku_log_exclaim_quiet a; dokku_log_warn_quiet a; dokku_col_log_info1_quiet a b c d",
        expect![[r#"
            goes on
        "#]],
    );
    check_quiet(
        "dokku_log_info1 a; dokku_log_info2 a; dokku_log_verbose a; dokku_log_warn a; dokku_col_log_msg a b c d",
        expect![[r#"
            -----> a
            =====> a
                   a
            a                         b                         c                         d                        
            2> !     a
            goes on
        "#]],
    );
}

#[test]
fn failing_ends_the_caller_with_one_or_what_it_asks_for() {
    check(
        "dokku_log_fail no such thing; echo not reached",
        expect![[r#"
        2> !     no such thing
        ends with 1
    "#]],
    );
    check(
        "DOKKU_FAIL_EXIT_CODE=7 dokku_log_fail no; echo not reached",
        expect![[r#"
        2> !     no
        ends with 7
    "#]],
    );
    check(
        "(DOKKU_FAIL_EXIT_CODE=7 dokku_log_fail one call only) || (dokku_log_fail the next)",
        expect![[r#"
            2> !     one call only
            2> !     the next
            goes on with 1
        "#]],
    );
    check_quiet(
        "dokku_log_fail_quiet no; echo not reached",
        expect![[r#"
        ends with 1
    "#]],
    );
    check(
        "dokku_log_exit bye; echo not reached",
        expect![[r#"
        2>bye
        ends with 0
    "#]],
    );
}

#[test]
fn columns_are_padded() {
    check(
        "dokku_col_log_info1_quiet a b c d; dokku_col_log_info2 a b c d; dokku_col_log_msg a b c d",
        expect![[r#"
            -----> a                  b                         c                         d                        
            =====> a                  b                         c                         d                        
            a                         b                         c                         d                        
            goes on
        "#]],
    );
}

#[test]
fn a_containers_log_is_indented_line_by_line_without_blank_ones() {
    check(
        "dokku_container_log_verbose_quiet up",
        expect![[r#"
               one
               two
               three
        goes on
    "#]],
    );
    check_quiet(
        "dokku_container_log_verbose_quiet up",
        expect![[r#"
        goes on
    "#]],
    );
}
