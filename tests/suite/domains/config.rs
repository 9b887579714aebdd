use expect_test::expect;

use crate::support::World;

fn with_app() -> World {
    let world = World::new();
    world.run("apps:create shop");
    world
}

#[test]
fn variables_are_set_shown_and_unset() {
    let world = with_app();
    expect![[r"
        -----> Setting config vars
               KEY:     one two
               LONGER:  42
    "]]
    .assert_eq(&world.run_words(&["config:set", "shop", "KEY=one two", "LONGER=42"]));
    expect![[r"
        =====> shop env vars
        KEY:     one two
        LONGER:  42
    "]]
    .assert_eq(&world.run("config:show shop"));
    assert_eq!(world.run("config shop"), world.run("config:show shop"));
    expect![[r"
        one two
    "]]
    .assert_eq(&world.run("config:get shop KEY"));
    expect![[r"
        'one two'
    "]]
    .assert_eq(&world.run("config:get --quoted shop KEY"));
    expect![[r"
        -----> Unsetting KEY
        -----> Skipping NONE, it is not set in the environment
    "]]
    .assert_eq(&world.run("config:unset shop KEY NONE"));
    expect![[r"
        exit 1
    "]]
    .assert_eq(&world.run("config:get shop KEY"));
    expect![[r"
        LONGER
    "]]
    .assert_eq(&world.run("config:keys shop"));
    expect![[r"
        -----> Unsetting LONGER
    "]]
    .assert_eq(&world.run("config:clear shop"));
    expect![[r"
        =====> shop env vars

    "]]
    .assert_eq(&world.run("config:show shop"));
}

#[test]
fn quiet_hides_headings_and_progress() {
    let world = with_app();
    expect![""].assert_eq(&world.run("--quiet config:set shop A=1"));
    expect![[r"
        A:  1
    "]]
    .assert_eq(&world.run("config:show shop --quiet"));
    expect![""].assert_eq(&world.run("--quiet config:unset shop A B"));
}

#[test]
fn what_is_wrong_changes_nothing() {
    let world = with_app();
    expect![[r"
        2> !     Please specify an app to run the command on
        exit 1
    "]]
    .assert_eq(&world.run("config:set"));
    expect![[r"
        2> !     App nope does not exist
        exit 20
    "]]
    .assert_eq(&world.run("config:set nope A=1"));
    expect![[r"
        2> !     At least one env pair must be given
        exit 1
    "]]
    .assert_eq(&world.run("config:set shop"));
    expect![[r"
        2> !     At least one env pair must be given
        exit 1
    "]]
    .assert_eq(&world.run("--app shop config:set"));
    expect![[r"
        2> !     Invalid env pair: A
        exit 1
    "]]
    .assert_eq(&world.run("config:set shop B=1 A"));
    expect![[r"
        2> !     Invalid key name: 'no-key'
        exit 1
    "]]
    .assert_eq(&world.run("config:set shop B=1 no-key=2"));
    expect![[r"
        2> !     At least one key must be given
        exit 1
    "]]
    .assert_eq(&world.run("config:unset shop"));
    expect![[r"
        2> !     Unexpected argument(s): [B C]
        exit 1
    "]]
    .assert_eq(&world.run("config:get shop A B C"));
    expect![[r#"
        2> !     Unknown export format: yaml
        2> !     formats: docker-args, docker-args-keys, envfile, exports, json, json-list, pack-keys, pretty, shell
        exit 1
    "#]]
    .assert_eq(&world.run("config:export --format yaml shop"));
    expect![""].assert_eq(&world.run("config:keys shop"));
    assert!(world.run("config:set shop --nonsense").ends_with("exit 2\n"));
}

#[test]
fn values_keep_every_byte() {
    let world = with_app();
    let value = "a 'b' \"c\" $HOME `ls` \\ !\n\ttwo\r\n";
    world.run_words(&["config:set", "shop", &format!("A={value}")]);
    assert_eq!(world.run("config:get shop A"), format!("{value}\n"));

    expect![[r"
        -----> Setting config vars
               A:  myvalue
    "]]
    .assert_eq(&world.run("config:set --encoded shop A=bXl2YWx1ZQo="));
    assert_eq!(world.run("config:get shop A"), "myvalue\n\n", "the newline inside counts");
    expect![[r"
        2> !     Invalid symbol 33, offset 0. for key 'A'
        exit 1
    "]]
    .assert_eq(&world.run("config:set --encoded shop A=!"));
    expect![[r"
        2> !     The value of A is not text (UTF-8), which the engine cannot hand to an app
        2> !     keep it in base64 and let the app decode it, or mount it as a file
        exit 1
    "]]
    .assert_eq(&world.run("config:set --encoded shop A=/w=="));
}

#[test]
fn a_value_of_a_megabyte_comes_by_import() {
    let world = with_app();
    let value = "0123456789abcde\n".repeat(65_536);
    let json = serde_json::json!({ "BIG": value }).to_string();
    let answer = world.run_with_input("--quiet config:import --format json shop -", json);
    assert_eq!(answer, "");
    assert_eq!(world.run("config:get shop BIG"), format!("{value}\n"));
}

#[test]
fn import_adds_or_replaces() {
    let world = with_app();
    world.run("config:set shop FIRST=1");
    expect![[r"
        -----> Reading config vars from stdin
        -----> Setting config var SECOND=two words
        -----> Setting config vars
               SECOND:  two words
    "]]
    .assert_eq(&world.run_with_input("config:import shop -", "export SECOND='two words'\n"));
    expect![[r"
        FIRST
        SECOND
    "]]
    .assert_eq(&world.run("config:keys shop"));
    world.run_with_input("config:import --replace shop -", "THIRD=3\n");
    expect![[r"
        THIRD
    "]]
    .assert_eq(&world.run("config:keys shop"));
    expect![[r"
        2> !     /nowhere/.env does not exist
        2> !     the file is looked for on the server; `-` reads standard input instead
        exit 1
    "]]
    .assert_eq(&world.run("config:import shop /nowhere/.env"));
    expect![[r"
        -----> Reading config vars from stdin
        2> !     No config vars to set
        exit 1
    "]]
    .assert_eq(&world.run_with_input("config:import --replace shop -", ""));
    expect![[r"
        2> !     The import is not a JSON object of text values: expected ident at line 1 column 2
        exit 1
    "]]
    .assert_eq(&world.run_with_input("--quiet config:import --format json shop -", "nonsense"));
}

#[test]
fn global_variables_stand_apart_and_are_merged_on_demand() {
    let world = with_app();
    world.run("config:set --global A=global B=global");
    world.run("config:set shop B=own");
    expect![[r"
        =====> global env vars
        A:  global
        B:  global
    "]]
    .assert_eq(&world.run("config:show --global"));
    expect![[r"
        export B='own'
    "]]
    .assert_eq(&world.run("config:export shop"));
    expect![[r#"
        {"A":"global","B":"own"}
    "#]]
    .assert_eq(&world.run("config:export --merged --format json shop"));
    expect![[r"
        A
        B
    "]]
    .assert_eq(&world.run("config:keys --merged shop"));
    assert_eq!(world.run("config:get --global A"), "global\n");
}

#[test]
fn a_deployed_app_is_deployed_again() {
    let world = with_app();
    std::fs::write(world.layout.app(&"shop".parse().expect("a name")).join("CONTAINER.web.1"), "x")
        .expect("writable");
    world.add_plugin("zz-spy", "post-config-update", "echo \"told: $*\"");
    world.add_plugin("00-deploy", "release-and-deploy", "echo \"deploy: $*\"; exit 7");
    let restarted = world.run("config:set shop A=1");
    assert!(restarted.contains("told: shop set A\n-----> Restarting app shop\n"), "{restarted}");
    assert!(restarted.contains("deploy: shop  config-redeploy\n"), "{restarted}");
    assert!(restarted.contains("2> !     Failure while restarting app: "), "{restarted}");
    assert!(
        !restarted.contains("\nexit "),
        "the variable is set, whatever became of the deploy: {restarted}"
    );
    expect![[r"
        -----> Setting config vars
               A:  2
        told: shop set A
    "]]
    .assert_eq(&world.run("config:set --no-restart shop A=2"));
    assert!(world.run("config:unset shop NONE").contains("-----> Restarting app shop"));
    expect![[r"
        -----> Setting config vars
               A:  2
        told: --global set A
    "]]
    .assert_eq(&world.run("config:set --global A=2"));
}

#[test]
fn a_variable_that_became_a_property_sets_the_property_and_says_so() {
    let world = with_app();
    // What the null scheduler runs counts as deployed.
    expect![[r"
        -----> Restarting app shop
        2> !     DOKKU_SCHEDULER is a property today: set scheduler selected of shop to null
    "]]
    .assert_eq(&world.run("config:set shop DOKKU_SCHEDULER=null"));
    expect![""].assert_eq(&world.run("config:keys shop"));
    let path = world.layout.config().join("scheduler/shop/selected");
    assert_eq!(std::fs::read_to_string(&path).expect("a property"), "null");
    expect![[r"
        2> !     DOKKU_SCHEDULER is a property today: unset scheduler selected of shop
    "]]
    .assert_eq(&world.run("config:unset shop DOKKU_SCHEDULER"));
    assert!(!path.exists());

    world.run_words(&["config:set", "shop", "DOKKU_PROXY_PORT_MAP=http:80:5000 https:443:5000"]);
    let map = std::fs::read_to_string(world.layout.config().join("ports/shop/map")).expect("a property");
    assert_eq!(map, "http:80:5000\nhttps:443:5000\n");
}

#[test]
fn plugins_reach_variables_by_trigger() {
    let world = with_app();
    world.add_plugin("spy", "post-config-update", "echo \"app $1, $2\"");
    world.run("config:set shop A=1");
    assert!(world.run("config:clear shop").ends_with("app shop, clear\n"));
}

#[test]
fn help_is_one_page() {
    let world = World::new();
    let page = world.run("config:help");
    assert!(page.contains("Manage global and app-specific config vars"), "{page}");
    assert_eq!(world.run("config --help"), page);
}

#[test]
fn old_forms_say_what_to_type_today() {
    let world = with_app();
    world.run("config:set shop A=1");
    expect![[r"
        export A='1'
        2> !     Deprecated: Use 'config:export --format exports' instead
    "]]
    .assert_eq(&world.run("config --export shop"));
    expect![[r"
        2> !     Only one of --shell and --export can be given
        exit 1
    "]]
    .assert_eq(&world.run("config --export --shell shop"));
}

#[test]
fn variables_of_an_older_volume_are_taken_over_once() {
    let world = World::new();
    world.run("apps:create shop");
    let old = world.layout.app(&"shop".parse().expect("a name")).join("ENV");
    std::fs::write(&old, "export KEY='a b'\nexport DOKKU_CHECKS_SKIPPED=worker\n").expect("written");
    world.run("ps:restore");
    expect![[r#"
        a b
    "#]]
    .assert_eq(&world.run("config:get shop KEY"));
    expect!["worker\n"].assert_eq(&world.run("checks:report shop --checks-skipped-list"));
    assert!(!old.exists());

    // One that turns up again is not believed, and not lost.
    std::fs::write(&old, "export KEY=old\nexport GONE=yes\n").expect("written");
    let told = world.run("plugin:trigger config-migrate-env");
    assert!(told.contains("the current config takes precedence for GONE KEY"), "{told}");
    assert!(told.contains("shop/ENV.migrated: re-apply"), "{told}");
    assert!(!old.exists() && old.with_file_name("ENV.migrated").exists());
    expect!["a b\n"].assert_eq(&world.run("config:get shop KEY"));
    assert_eq!(world.run("config:get shop GONE"), "exit 1\n");
}

#[test]
fn once_plugins_were_installed_an_old_file_is_not_believed() {
    let world = World::new();
    world.run("apps:create shop");
    world.run("plugin:install --core");
    let old = world.layout.app(&"shop".parse().expect("a name")).join("ENV");
    std::fs::write(&old, "export KEY=old\n").expect("written");
    assert!(world.run("plugin:install --core").contains("ENV.migrated"));
    assert_eq!(world.run("config:get shop KEY"), "exit 1\n");
}
