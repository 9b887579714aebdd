use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, script: &str, expected: Expect) {
    expected.assert_eq(&installation.run("nginx-vhosts/functions", script));
}

#[test]
fn settings_are_the_apps_own_or_those_that_hold() {
    let here = Installation::new();
    let own =
        "for key in access-log-format access-log-path error-log-path; do fn-nginx-$key web; echo \";\"; done";
    let computed = own.replace("fn-nginx-", "fn-nginx-computed-");
    check(
        &here,
        own,
        expect![[r#"
        ;
        ;
        ;
        goes on
    "#]],
    );
    check(
        &here,
        &computed,
        expect![[r#"
        ;
        /var/log/nginx/web-access.log;
        /var/log/nginx/web-error.log;
        goes on
    "#]],
    );
    here.file("lib/config/nginx/web/access-log-path", "off");
    here.file("lib/config/nginx/--global/access-log-format", "main");
    check(
        &here,
        own,
        expect![[r#"
        ;
        off;
        ;
        goes on
    "#]],
    );
    check(
        &here,
        &computed,
        expect![[r#"
        main;
        off;
        /var/log/nginx/web-error.log;
        goes on
    "#]],
    );
}

#[test]
fn nginx_is_found_where_it_stands() {
    let here = Installation::new();
    check(
        &here,
        "get_nginx_location",
        expect![[r#"
        $WORLD/bin/nginx
        goes on
    "#]],
    );
}

#[test]
fn nginx_turns_to_what_changed_only_where_it_serves_the_app() {
    let here = Installation::new();
    here.program("bin/turn", "echo \"turn: $*\"");
    check(
        &here,
        "APP=web; restart_nginx",
        expect![[r#"
        2> !     cannot ask dokku serve for proxy-reload: No such file or directory (os error 2)
        2> !     It runs in the container and is started again by itself; `docker logs` tells why it does not
        goes on with 1
    "#]],
    );
    here.file("lib/config/nginx/web/nginx-service-command", "turn");
    check(
        &here,
        "APP=web; restart_nginx ignored",
        expect![[r#"
        turn: reload
        goes on
    "#]],
    );
    here.file("lib/config/proxy/web/type", "caddy");
    check(
        &here,
        "APP=web; restart_nginx",
        expect![[r#"
        goes on
    "#]],
    );
}

#[test]
fn a_broken_configuration_ends_the_caller() {
    let here = Installation::new();
    check(
        &here,
        "validate_nginx; validate_nginx web; validate_nginx --clean; validate_nginx web --clean",
        expect![[r#"
            goes on
        "#]],
    );
    check(
        &here,
        "validate_nginx nope; echo not reached",
        expect![[r#"
        2> !     App nope does not exist
        ends with 20
    "#]],
    );
    here.file("nginx-is-broken", "");
    check(
        &here,
        "validate_nginx; echo not reached",
        expect![[r#"
        2>nginx: broken
        ends with 1
    "#]],
    );
    // Nobody serves in this test, so that what an app asks of nginx cannot be tested.
    here.file("home/web/nginx.conf", "");
    check(
        &here,
        "validate_nginx; echo not reached",
        expect![[r#"
        2> !     cannot ask dokku serve for proxy-test: No such file or directory (os error 2)
        2> !     It runs in the container and is started again by itself; `docker logs` tells why it does not
        ends with 1
    "#]],
    );
}
