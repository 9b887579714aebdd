use expect_test::expect;

use crate::support::World;

fn world() -> World {
    let world = World::new();
    world.run("apps:create shop");
    world
}

#[test]
fn one_row_is_asked_for_by_its_flag_and_two_are_refused() {
    let world = world();
    assert_eq!(world.run("apps:report shop --app-locked"), "false\n");
    expect![[r#"
        2> !     Only a single info flag can be specified
        exit 1
    "#]]
    .assert_eq(&world.run("apps:report shop --app-locked --app-dir"));
    expect![[r#"
        2> !     Invalid flag passed, valid flags: --app-created-at, --app-deploy-source, --app-deploy-source-metadata, --app-dir, --app-global-disable-autocreation, --app-locked
        exit 1
    "#]]
    .assert_eq(&world.run("apps:report shop --app-nonsense"));
}

#[test]
fn a_format_is_given_in_either_form() {
    let world = world();
    let apart = world.run("proxy:report shop --format json");
    assert!(apart.starts_with("{\"") && apart.ends_with("\"}\n"), "{apart}");
    assert_eq!(world.run("proxy:report shop --format=json"), apart);
    assert_eq!(world.run("proxy:report --format=json shop"), apart);
    assert_eq!(world.run("proxy:report shop --format=stdout"), world.run("proxy:report shop"));
    expect![[r#"
        2> !     Format must be "stdout" or "json": "xml"
        exit 1
    "#]]
    .assert_eq(&world.run("proxy:report shop --format=xml"));
    expect![[r#"
        2> !     --format flag cannot be specified when specifying an info flag
        exit 1
    "#]]
    .assert_eq(&world.run("proxy:report shop --format json --proxy-enabled"));
}

#[test]
fn a_report_in_yaml_has_a_line_for_each_row() {
    let world = world();
    expect![[r#"
        attempts: ''
        computed-attempts: '3'
        computed-default-wait: '10'
        computed-listen-timeout: '60'
        computed-liveness: 'true'
        computed-timeout: '5'
        computed-wait: '5'
        computed-wait-to-retire: '60'
        computed-watch: '3'
        default-wait: ''
        disabled-list: none
        global-attempts: ''
        global-default-wait: ''
        global-listen-timeout: ''
        global-liveness: ''
        global-timeout: ''
        global-wait: ''
        global-wait-to-retire: ''
        global-watch: ''
        listen-timeout: ''
        liveness: ''
        skipped-list: none
        timeout: ''
        wait: ''
        wait-to-retire: ''
        watch: ''
    "#]]
    .assert_eq(&world.run("checks:report shop --format yaml"));
}
