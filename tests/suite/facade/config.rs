use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, files: &str, script: &str, expected: Expect) {
    expected.assert_eq(&installation.run(files, script));
}

fn config(installation: &Installation, script: &str, expected: Expect) {
    check(installation, "config/functions", script, expected);
}

fn with_variables() -> Installation {
    let here = Installation::new();
    here.file("lib/config/web/ENV", "LONG_KEY=\"it's two\\nlines\"\nA=1\n");
    here.file("lib/config/--global/ENV", "ALL=\"of them\"\n");
    here
}

#[test]
fn a_variable_is_read_and_none_is_a_status_without_a_word() {
    let here = with_variables();
    config(
        &here,
        "config_get web A; config_get --global ALL; config_get web LONG_KEY",
        expect![[r#"
        1
        of them
        it's two
        lines
        goes on
    "#]],
    );
    config(
        &here,
        "config_get web ALL",
        expect![[r#"
        goes on with 1
    "#]],
    );
    config(
        &here,
        "config_get nope A",
        expect![[r#"
        goes on with 1
    "#]],
    );
    config(
        &here,
        "config_get '' A",
        expect![[r#"
        goes on with 1
    "#]],
    );
}

#[test]
fn variables_are_set_and_told() {
    let here = Installation::new();
    here.plugin("tell", "post-config-update", "echo \"told: $*\"");
    config(
        &here,
        "config_set --no-restart web A=1 LONG_KEY='two  words'",
        expect![[r#"
        -----> Setting config vars
               A:         1
               LONG_KEY:  two  words
        told: web set A LONG_KEY
        goes on
    "#]],
    );
    config(
        &here,
        "config_set --global B=2; DOKKU_QUIET_OUTPUT=1 config_set web C=3",
        expect![[r#"
        -----> Setting config vars
               B:  2
        told: --global set B
        told: web set C
        goes on
    "#]],
    );
    config(
        &here,
        "config_set web 1A=1",
        expect![[r#"
        2> !     Invalid key name: '1A'
        goes on with 1
    "#]],
    );
    config(
        &here,
        "config_set nope A=1",
        expect![[r#"
        2> !     App nope does not exist
        goes on with 20
    "#]],
    );
    config(
        &here,
        "config_unset --no-restart web A NONE",
        expect![[r#"
        -----> Unsetting A
        -----> Skipping NONE, it is not set in the environment
        told: web unset A NONE
        goes on
    "#]],
    );
    config(
        &here,
        "config_keys web; config_clear --no-restart web; config_keys web",
        expect![[r#"
        C
        LONG_KEY
        -----> Unsetting C
        -----> Unsetting LONG_KEY
        told: web clear
        goes on
    "#]],
    );
}

#[test]
fn the_listing_is_what_plugins_cut_to_pieces() {
    let here = with_variables();
    config(
        &here,
        "config_all web; config_all config web",
        expect![[r#"
        =====> web env vars
        A:         1
        LONG_KEY:  it's two
        lines
        =====> web env vars
        A:         1
        LONG_KEY:  it's two
        lines
        goes on
    "#]],
    );
    config(
        &here,
        "DOKKU_QUIET_OUTPUT=1 config_all web | cut -d: -f1",
        expect![[r#"
        A
        LONG_KEY
        lines
        goes on
    "#]],
    );
    config(
        &here,
        "DOKKU_CONFIG_EXPORT=1 config_all web",
        expect![[r#"
        export A='1'
        export LONG_KEY='it'\''s two
        lines'
        goes on
    "#]],
    );
    config(
        &here,
        "config_all nope; echo \"rc $?\"",
        expect![[r#"
        rc 20
        2> !     App nope does not exist
        goes on
    "#]],
    );
}

#[test]
fn an_export_survives_eval() {
    let here = with_variables();
    config(
        &here,
        "eval \"$(config_export app web --merged)\"; echo \"$A|$LONG_KEY|$ALL\"",
        expect![[r#"
        1|it's two
        lines|of them
        goes on
    "#]],
    );
    config(
        &here,
        "config_export global; config_export app web --format envfile",
        expect![[r#"
        export ALL='of them'
        A=1
        LONG_KEY="it's two\nlines"
        goes on
    "#]],
    );
    config(
        &here,
        "config_export app web --format json-list; echo; config_export app nope",
        expect![[r#"
        [{"name":"A","value":"1"},{"name":"LONG_KEY","value":"it's two\nlines"}]

        2> !     App nope does not exist
        goes on
    "#]],
    );
}

#[test]
fn a_certificate_needs_its_key() {
    let here = Installation::new();
    let files = "certs/functions";
    check(
        &here,
        files,
        "is_ssl_enabled web",
        expect![[r#"
        goes on with 1
    "#]],
    );
    here.file("home/web/tls/server.crt", "");
    check(
        &here,
        files,
        "is_ssl_enabled web",
        expect![[r#"
        goes on with 1
    "#]],
    );
    here.file("home/web/tls/server.key", "");
    check(
        &here,
        files,
        "is_ssl_enabled web",
        expect![[r#"
        goes on
    "#]],
    );
}

#[test]
fn the_names_of_a_certificate() {
    let here = Installation::new();
    here.file("home/web/tls/none", "");
    let make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -keyout /dev/null -out home/web/tls/server.crt";
    let check = |script: String, expected| check(&here, "certs/functions", &script, expected);
    check(
        format!("{make} -subj /O=Us/CN=one.example 2>/dev/null; get_ssl_hostnames web"),
        expect![[r#"
        one.example
        goes on
    "#]],
    );
    let more = "-subj /CN=one.example -addext subjectAltName=DNS:two.example,DNS:*.one.example";
    check(
        format!("{make} {more} 2>/dev/null; get_ssl_hostnames web"),
        expect![[r#"
        *.one.example
        one.example
        two.example
        goes on
    "#]],
    );
}

#[test]
fn domains_are_listed_unless_turned_off() {
    let here = Installation::new();
    let check = |script, expected| check(&here, "domains/functions", script, expected);
    check(
        "get_app_domains web; is_app_vhost_enabled web",
        expect![[r#"
        true
        goes on
    "#]],
    );
    here.file("home/web/VHOST", "a.example\nb.example\n");
    check(
        "get_app_domains web; is_app_vhost_enabled web",
        expect![[r#"
        a.example
        b.example
        true
        goes on
    "#]],
    );
    here.file("lib/config/web/ENV", "NO_VHOST=1\n");
    check(
        "get_app_domains web; is_app_vhost_enabled web",
        expect![[r#"
        false
        goes on
    "#]],
    );
    check(
        "get_app_domains nope; get_app_domains ''",
        expect![[r#"
        goes on
    "#]],
    );
}

#[test]
fn domains_are_set_and_told() {
    let here = Installation::new();
    here.plugin("tell", "post-domains-update", "echo \"told: $*\"");
    // Nobody serves in this test.
    here.file("lib/config/proxy/web/type", "null");
    let check = |script, expected| check(&here, "domains/functions", script, expected);
    check(
        "domains_set web a.example b.example; cat home/web/VHOST",
        expect![[r#"
            -----> Set a.example b.example for web
            told: web set a.example b.example
            a.example
            b.example
            goes on
        "#]],
    );
    check(
        "domains_set web 'not a name'; echo not reached",
        expect![[r#"
            2> !     not a name is invalid. exiting...
            2> !     a domain is letters, digits, hyphens and dots, such as www.example.com or *.example.com
            ends with 1
        "#]],
    );
    check(
        "domains_set nope a.example; echo not reached",
        expect![[r#"
        2> !     App nope does not exist
        ends with 1
    "#]],
    );
}

#[test]
fn default_domains_come_from_the_global_ones() {
    let here = Installation::new();
    here.file("home/VHOST", "example.com\n");
    let check = |script, expected| check(&here, "domains/functions", script, expected);
    check(
        "domains_setup web; cat home/web/VHOST; domains_setup web",
        expect![[r#"
        -----> Creating new app virtual host file...
        web.example.com
        goes on
    "#]],
    );
}
