use expect_test::{Expect, expect};

use super::Installation;

fn check(script: &str, expected: Expect) {
    expected.assert_eq(&Installation::new().run("common/functions", script));
}

#[test]
fn an_array_is_searched_for_whole_items() {
    check(
        "fn-in-array b a b 'c d'",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        "fn-in-array c a b 'c d'",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        "fn-in-array '' a b",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        "fn-in-array '*' a b",
        expect![[r#"
        goes on with 1
    "#]],
    );
}

#[test]
fn a_list_is_searched_for_whole_values() {
    check(
        "is_val_in_list b a,b,c; is_val_in_list b 'a b' ' '; is_val_in_list b abc; is_val_in_list '*' a,b
         is_val_in_list '' ''; is_val_in_list 'a,b' a,b,c; add_val_to_list c a,b",
        expect![[r#"
            true
            true
            false
            false
            false
            false
            a,b,c
            goes on
        "#]],
    );
}

#[test]
fn comments_need_a_blank_before_them() {
    check(
        "strip_inline_comments 'a b # c'; strip_inline_comments 'a#b'; strip_inline_comments 'a # b # c'",
        expect![[r#"
            a b
            a#b
            a # b
            goes on
        "#]],
    );
}

#[test]
fn a_terminal_is_looked_for_on_standard_input_unless_somebody_says() {
    check(
        "has_tty",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        "DOKKU_FORCE_TTY=true has_tty",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        "DOKKU_DISABLE_TTY=true has_tty",
        expect![[r#"
        goes on with 1
    "#]],
    );
    check(
        "DOKKU_FORCE_TTY=true DOKKU_DISABLE_TTY=true has_tty",
        expect![[r#"
        goes on
    "#]],
    );
}

#[test]
fn output_is_kept_back_unless_the_command_fails() {
    check(
        "suppress_output echo hidden",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        "noisy() { echo out; echo err >&2; return 3; }; suppress_output noisy",
        expect![[r#"
        out
        err
        goes on with 3
    "#]],
    );
}

#[test]
fn a_kept_back_function_runs_in_the_callers_shell() {
    check(
        "change() { status=new file=new; }; status=old; suppress_output change; echo $status $file",
        expect![[r#"
            new new
            goes on
        "#]],
    );
    check(
        "leave() { echo said; exit 4; }; suppress_output leave; echo not reached",
        expect![[r#"
        ends with 4
    "#]],
    );
    check(
        "suppress_output true; suppress_output false || ls tmp | wc -l",
        expect![[r#"
            0
            goes on
        "#]],
    );
}

#[test]
fn docker_options_are_split_and_nothing_is_expanded() {
    check(
        r#"fn-docker-args-split '--label x=$(id) -v "a b":c `id`' | tr '\0' '\n'; fn-docker-args-split ''"#,
        expect![[r#"
            --label
            x=$(id)
            -v
            a b:c
            `id`
            goes on
        "#]],
    );
    check(
        r#"fn-docker-args-split "--label 'open""#,
        expect![[r#"
        2> !     the docker options --label 'open cannot be split into words: missing closing quote
        2> !     a quote is opened and not closed
        goes on with 1
    "#]],
    );
}

#[test]
fn json_is_read_from_standard_input() {
    check(
        r#"echo '{"a":{"b":"c"}}' | get_json_value .a.b; echo '{}' | get_json_value .a"#,
        expect![[r#"
        c
        goes on
    "#]],
    );
}
