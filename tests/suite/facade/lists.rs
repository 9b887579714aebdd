use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, script: &str, expected: Expect) {
    let with_list = format!("list=(http-auth web users)\n{script}");
    expected.assert_eq(&installation.run("common/property-functions", &with_list));
}

fn filled() -> Installation {
    let here = Installation::new();
    here.file("lib/config/http-auth/web/users", "ann:1\nbob:2\nann:1\n");
    here
}

#[test]
fn items_are_added_at_the_end_or_at_a_place() {
    let here = Installation::new();
    check(
        &here,
        "fn-plugin-property-list-length \"${list[@]}\"; fn-plugin-property-list-get \"${list[@]}\"
         for item in ' ann:1 ' bob:2 ann:1; do fn-plugin-property-list-add \"${list[@]}\" \"$item\"; done
         fn-plugin-property-list-add \"${list[@]}\" first 1; fn-plugin-property-list-add \"${list[@]}\" last 9
         fn-plugin-property-list-get \"${list[@]}\"; fn-plugin-property-list-length \"${list[@]}\"",
        expect![[r#"
            0
            first
            ann:1
            bob:2
            ann:1
            last
            5
            goes on
        "#]],
    );
}

#[test]
fn an_item_is_found_by_value_or_place() {
    let here = filled();
    check(
        &here,
        "fn-plugin-property-list-get-by-value \"${list[@]}\" bob:2",
        expect![[r#"
        goes on
    "#]],
    );
    check(
        &here,
        "fn-plugin-property-list-get-by-value \"${list[@]}\" bob",
        expect![[r#"
        2> !     Value not found
        goes on with 1
    "#]],
    );
    check(
        &here,
        "fn-plugin-property-list-get-by-index \"${list[@]}\" 1",
        expect![[r#"
        bob:2
        goes on
    "#]],
    );
    check(
        &here,
        "fn-plugin-property-list-get-by-index \"${list[@]}\" 3",
        expect![[r#"
        2> !     Index not found
        goes on with 1
    "#]],
    );
}

#[test]
fn all_equal_items_are_removed_and_none_is_an_error() {
    let here = filled();
    check(
        &here,
        "fn-plugin-property-list-remove \"${list[@]}\" ann:1; fn-plugin-property-list-get \"${list[@]}\"",
        expect![[r#"
            bob:2
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-list-remove \"${list[@]}\" nobody",
        expect![[r#"
        2> !     Property not found, nothing was removed
        goes on with 1
    "#]],
    );
}

#[test]
fn all_items_that_begin_so_are_removed() {
    let here = filled();
    check(
        &here,
        "fn-plugin-property-list-remove-by-prefix \"${list[@]}\" ann:; fn-plugin-property-list-get \"${list[@]}\"",
        expect![[r#"
            bob:2
            goes on
        "#]],
    );
    check(
        &here,
        "fn-plugin-property-list-remove-by-prefix \"${list[@]}\" ann:",
        expect![[r#"
        2> !     Property not found, nothing was removed
        goes on with 1
    "#]],
    );
}

#[test]
fn an_item_is_replaced_at_its_place() {
    let here = filled();
    check(
        &here,
        "fn-plugin-property-list-set \"${list[@]}\" new 1; fn-plugin-property-list-get \"${list[@]}\"",
        expect![[r#"
            ann:1
            new
            ann:1
            goes on
        "#]],
    );
}
