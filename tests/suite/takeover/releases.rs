//! One test per release: what the first start says, and what the commands say afterwards.

use expect_test::expect;

use super::volume;
use crate::support::World;

/// A property that no report shows.
fn stored(world: &World, path: &str) -> String {
    std::fs::read_to_string(world.layout.config().join(path)).expect("a property")
}

/// What the commands say of it afterwards.
const OF_0_20: &[(&str, &str)] = &[
    ("config:get shop DATABASE_URL", "postgres://u:p@db/x\n"),
    ("config:get shop NOTE", "two\nlines and a \"quote\"\n"),
    ("config:get --global CURL_TIMEOUT", "600\n"),
    ("config:get old LEGACY", "it is\n"),
    ("config:get shop DOKKU_CHECKS_SKIPPED", "exit 1\n"),
    ("builder:report shop --builder-detected", "herokuish\n"),
    ("ps:report shop --ps-stop-timeout-seconds", "30\n"),
    ("ps:report shop --ps-restart-policy", "\n"),
    ("ps:report old --ps-restart-policy", "always\n"),
    ("ps:report old --ps-can-scale", "false\n"),
    ("ps:report shop --ps-can-scale", "true\n"),
    ("proxy:report shop --proxy-proxy-port", "8080\n"),
    ("proxy:report --global --proxy-global-type", "nginx\n"),
    ("checks:report shop --checks-wait-to-retire", "90\n"),
    ("checks:report shop --checks-skipped-list", "worker\n"),
    ("checks:report shop --checks-disabled-list", "_all_\n"),
    ("checks:report old --checks-skipped-list", "_all_\n"),
    ("docker-options:report shop --docker-options-build", "--build-arg VERSION=2\n"),
    (
        "docker-options:report shop --docker-options-deploy",
        "--link dokku.redis.shop:dokku-redis-shop --memory 512m -v /app/cache\n",
    ),
    ("docker-options:report shop --docker-options-run", "-v /app/cache\n"),
    ("docker-options:report old --docker-options-deploy", "\n"),
    (
        "storage:report shop --storage-deploy-mounts",
        "-v /srv/uploads:/app/uploads -v /var/lib/dokku/data/storage/shop:/app/storage\n",
    ),
    (
        "storage:report shop --storage-run-mounts",
        "-v /srv/uploads:/app/uploads -v /var/lib/dokku/data/storage/shop:/app/storage\n",
    ),
    ("apps:report shop --app-locked", "false\n"),
];

#[test]
fn a_volume_of_0_20() {
    let world = volume::of("0.20");
    expect![[r#"
        -----> Taken over from an older release of Dokku (dokku taken-over shows it again):
               all apps: variable DOKKU_PROXY_TYPE is the property type of proxy: nginx
               empty: variable DOKKU_SKIP_ALL_CHECKS is the property disabled of checks: _all_
               old: variable DOKKU_SKIP_ALL_CHECKS is the property disabled of checks: _all_
               shop: variable DOKKU_SKIP_ALL_CHECKS is the property disabled of checks: _all_
               all apps: variables of ENV: CURL_TIMEOUT
               old: variable DOKKU_CHECKS_ENABLED is the property skipped of checks: _all_
               old: variables of ENV: LEGACY
               old: docker options for deploy: 1
               old: restart policy of the docker options: always
               old: scale of DOKKU_SCALE: web=1
               old: the scale came with the code: ps:scale is refused until the next push
               old: container cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc of CONTAINER is web.1
               shop: variable DOKKU_APP_RESTORE is the property restore of ps: true
               shop: variable DOKKU_APP_TYPE is the property detected of builder: herokuish
               shop: variable DOKKU_CHECKS_SKIPPED is the property skipped of checks: worker
               shop: variable DOKKU_DOCKER_STOP_TIMEOUT is the property stop-timeout-seconds of ps: 30
               shop: variable DOKKU_NGINX_PORT is the property proxy-port of proxy: 8080
               shop: variable DOKKU_PROXY_PORT_MAP is the property map of ports: http:80:5000 https:443:5000
               shop: variable DOKKU_WAIT_TO_RETIRE is the property wait-to-retire of checks: 90
               shop: variables of ENV: DATABASE_URL GIT_REV NOTE NO_VHOST
               shop: docker options for build: 1
               shop: docker options for deploy: 4
               shop: docker options for run: 1
               shop: mounts of PERSISTENT_STORAGE: 2
               shop: mounts among the docker options are storage entries
               shop: scale of DOKKU_SCALE: web=2 worker=1
        2> !     old: the app was locked: `dokku apps:lock old` locks it again
    "#]].assert_eq(&world.run("take-over"));
    // Once is enough, and no second start says anything.
    assert_eq!(world.run("take-over"), "");
    expect![[r#"
        2026-01-02T03:04:05Z all apps: variable DOKKU_PROXY_TYPE is the property type of proxy: nginx
        2026-01-02T03:04:05Z empty: variable DOKKU_SKIP_ALL_CHECKS is the property disabled of checks: _all_
        2026-01-02T03:04:05Z old: variable DOKKU_SKIP_ALL_CHECKS is the property disabled of checks: _all_
        2026-01-02T03:04:05Z shop: variable DOKKU_SKIP_ALL_CHECKS is the property disabled of checks: _all_
        2026-01-02T03:04:05Z all apps: variables of ENV: CURL_TIMEOUT
        2026-01-02T03:04:05Z old: variable DOKKU_CHECKS_ENABLED is the property skipped of checks: _all_
        2026-01-02T03:04:05Z old: variables of ENV: LEGACY
        2026-01-02T03:04:05Z old: docker options for deploy: 1
        2026-01-02T03:04:05Z old: restart policy of the docker options: always
        2026-01-02T03:04:05Z old: scale of DOKKU_SCALE: web=1
        2026-01-02T03:04:05Z old: the scale came with the code: ps:scale is refused until the next push
        2026-01-02T03:04:05Z old: container cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc of CONTAINER is web.1
        2026-01-02T03:04:05Z old: ! the app was locked: `dokku apps:lock old` locks it again
        2026-01-02T03:04:05Z shop: variable DOKKU_APP_RESTORE is the property restore of ps: true
        2026-01-02T03:04:05Z shop: variable DOKKU_APP_TYPE is the property detected of builder: herokuish
        2026-01-02T03:04:05Z shop: variable DOKKU_CHECKS_SKIPPED is the property skipped of checks: worker
        2026-01-02T03:04:05Z shop: variable DOKKU_DOCKER_STOP_TIMEOUT is the property stop-timeout-seconds of ps: 30
        2026-01-02T03:04:05Z shop: variable DOKKU_NGINX_PORT is the property proxy-port of proxy: 8080
        2026-01-02T03:04:05Z shop: variable DOKKU_PROXY_PORT_MAP is the property map of ports: http:80:5000 https:443:5000
        2026-01-02T03:04:05Z shop: variable DOKKU_WAIT_TO_RETIRE is the property wait-to-retire of checks: 90
        2026-01-02T03:04:05Z shop: variables of ENV: DATABASE_URL GIT_REV NOTE NO_VHOST
        2026-01-02T03:04:05Z shop: docker options for build: 1
        2026-01-02T03:04:05Z shop: docker options for deploy: 4
        2026-01-02T03:04:05Z shop: docker options for run: 1
        2026-01-02T03:04:05Z shop: mounts of PERSISTENT_STORAGE: 2
        2026-01-02T03:04:05Z shop: mounts among the docker options are storage entries
        2026-01-02T03:04:05Z shop: scale of DOKKU_SCALE: web=2 worker=1
    "#]].assert_eq(&world.run("taken-over"));

    for (line, said) in OF_0_20 {
        assert_eq!(world.run(line), *said, "{line}");
    }
    expect![[r#"
        web:  2
        worker: 1
    "#]]
    .assert_eq(&world.run("--quiet ps:scale shop"));
    assert_eq!(stored(&world, "ports/shop/map"), "http:80:5000\nhttps:443:5000\n");
    assert_eq!(stored(&world, "ps/shop/restore"), "true");
    let container = std::fs::read_to_string(world.layout.root.join("old/CONTAINER.web.1"));
    assert_eq!(container.expect("the one container"), format!("{}\n", "c".repeat(64)));
}

#[test]
fn a_volume_of_0_24() {
    let world = volume::of("0.24");
    expect![[r#"
        -----> Taken over from an older release of Dokku (dokku taken-over shows it again):
               all apps: variable DOKKU_SCHEDULER is the property selected of scheduler: docker-local
               all apps: variables of ENV: CURL_CONNECT_TIMEOUT
               blog: variable DOKKU_APP_TYPE is the property detected of builder: dockerfile
               blog: variable DOKKU_CHECKS_WAIT is the property wait of checks: 7
               blog: variable DOKKU_DISABLE_PROXY is the property disabled of proxy: true
               blog: variable DOKKU_DOCKERFILE_START_CMD is the property dockerfile-start-cmd of ps: npm run serve
               blog: variable DOKKU_PROXY_PORT_MAP is the property map of ports: http:80:3000
               blog: variables of ENV: SECRET
               blog: docker options for deploy: 3
               blog: restart policy of the docker options: on-failure:20
               blog: mounts among the docker options are storage entries
               blog: scale of DOKKU_SCALE: web=3
    "#]].assert_eq(&world.run("take-over"));
    for (line, said) in [
        ("config:get blog SECRET", "a$b\n"),
        ("config:get --global CURL_CONNECT_TIMEOUT", "90\n"),
        ("ps:report blog --ps-dockerfile-start-cmd", "npm run serve\n"),
        ("ps:report blog --ps-restart-policy", "on-failure:20\n"),
        ("proxy:report blog --proxy-disabled", "true\n"),
        ("docker-options:report blog --docker-options-deploy", "-e 'GREETING=hello world'\n"),
        ("storage:report blog --storage-deploy-mounts", "-v /var/lib/dokku/data/storage/blog:/data:ro\n"),
        ("nginx:report blog --nginx-hsts", "false\n"),
    ] {
        assert_eq!(world.run(line), said, "{line}");
    }
    assert_eq!(stored(&world, "checks/blog/wait"), "7");
    assert_eq!(stored(&world, "scheduler/--global/selected"), "docker-local");
}

#[test]
fn a_volume_of_0_30() {
    let world = volume::of("0.30");
    expect![[r#"
        -----> Taken over from an older release of Dokku (dokku taken-over shows it again):
               all apps: variable DOKKU_DISABLE_APP_AUTOCREATION is the property disable-autocreation of apps: true
               shop: variable DOKKU_APP_SHELL is the property shell of scheduler: /bin/sh
               shop: variable DOKKU_PROXY_PORT is the property proxy-port of proxy: 8080
               shop: variable DOKKU_PROXY_PORT_MAP is the property map of ports: http:80:5000
               shop: variable DOKKU_START_CMD is the property start-cmd of ps: serve
               shop: variables of ENV: KEY
               shop: docker options for build: 1
               shop: docker options for deploy: 3
               shop: docker options for run: 2
               shop: mounts among the docker options are storage entries
        2> !     shop: the app was locked: `dokku apps:lock shop` locks it again
    "#]].assert_eq(&world.run("take-over"));
    for (line, said) in [
        ("apps:report --global --app-global-disable-autocreation", "true\n"),
        ("config:get shop KEY", "value\n"),
        ("scheduler:report shop --scheduler-shell", "/bin/sh\n"),
        ("ps:report shop --ps-start-cmd", "serve\n"),
        ("checks:report shop --checks-wait-to-retire", "30\n"),
        ("apps:report shop --app-created-at", "1680000000\n"),
        ("apps:report shop --app-locked", "false\n"),
    ] {
        assert_eq!(world.run(line), said, "{line}");
    }
}

#[test]
fn a_volume_of_0_38() {
    let world = volume::of("0.38");
    expect![[r#"
        -----> Taken over from an older release of Dokku (dokku taken-over shows it again):
               shop: mounts among the docker options are storage entries
        2> !     shop: Not importing already-migrated ENV file $WORLD/home/shop/ENV: the current config takes precedence for GONE KEY
        2> !     shop: Preserved at $WORLD/home/shop/ENV.migrated: re-apply anything still needed with dokku config:set, then delete it - dokku does not read it and it may hold values that were unset on purpose
    "#]].assert_eq(&world.run("take-over"));
    for (line, said) in [
        ("config:get shop KEY", "value\n"),
        ("config:get shop GONE", "exit 1\n"),
        (
            "docker-options:report shop --docker-options-deploy",
            "'--label=traefik.http.routers.shop.rule=Host(`shop.example.com`)' --link a\n",
        ),
        (
            "storage:report shop --storage-deploy-mounts",
            "-v /srv/kept:/kept -v /var/lib/dokku/data/storage/uploads:/uploads\n",
        ),
    ] {
        assert_eq!(world.run(line), said, "{line}");
    }
}

#[test]
fn a_new_volume_has_nothing_to_take_over() {
    let world = World::new();
    world.run("apps:create shop");
    assert_eq!(world.run("take-over"), "");
    assert_eq!(world.run("taken-over"), "-----> Nothing had to be taken over\n");
}

#[test]
fn what_says_otherwise_today_wins_and_what_was_said_is_kept() {
    let world = volume::of("0.20");
    world.run("take-over");
    world.run("docker-options:clear shop build");
    // Somebody puts an old copy of the app's folder over the app.
    volume::plant(&world.layout, "0.20");
    std::fs::write(world.layout.root.join("shop/DOKKU_SCALE"), "web=9\n").expect("written");
    std::fs::write(world.layout.root.join("shop/URLS"), "http://other.example.com\n").expect("written");
    let said = world.run("take-over");
    expect![[r#"
        -----> Taken over from an older release of Dokku (dokku taken-over shows it again):
        2> !     old: DOCKER_OPTIONS_DEPLOY was taken over before, and has other options than the app today: kept as $WORLD/lib/data/appliance/set-aside/old/DOCKER_OPTIONS_DEPLOY
        2> !     shop: DOCKER_OPTIONS_BUILD was taken over before, and has other options than the app today: kept as $WORLD/lib/data/appliance/set-aside/shop/DOCKER_OPTIONS_BUILD
        2> !     shop: DOCKER_OPTIONS_DEPLOY was taken over before, and has other options than the app today: kept as $WORLD/lib/data/appliance/set-aside/shop/DOCKER_OPTIONS_DEPLOY
        2> !     shop: DOCKER_OPTIONS_RUN was taken over before, and has other options than the app today: kept as $WORLD/lib/data/appliance/set-aside/shop/DOCKER_OPTIONS_RUN
        2> !     shop: DOKKU_SCALE was replaced by today's scale (web=2 worker=1): kept as $WORLD/lib/data/appliance/set-aside/shop/DOKKU_SCALE
        2> !     shop: URLS has addresses of other domains than the app's: kept as $WORLD/lib/data/appliance/set-aside/shop/URLS
    "#]].assert_eq(&said);
    expect![[r#"
        web:  2
        worker: 1
    "#]]
    .assert_eq(&world.run("--quiet ps:scale shop"));
    let aside = world.layout.set_aside().join("shop");
    for (name, text) in [("DOKKU_SCALE", "web=9"), ("DOCKER_OPTIONS_BUILD", "VERSION=2"), ("URLS", "other.")]
    {
        assert!(std::fs::read_to_string(aside.join(name)).is_ok_and(|kept| kept.contains(text)), "{name}");
    }
}

#[test]
fn one_app_that_cannot_be_read_keeps_no_other_back() {
    let world = volume::of("0.20");
    std::fs::write(world.layout.root.join("old/ENV"), [0xff, 0xfe]).expect("no text");
    std::fs::write(world.layout.root.join("old/DOKKU_SCALE"), "web=many\n").expect("no scale");
    let said = world.run("take-over");
    assert!(said.contains("old: ") && said.contains("shop: variables of ENV"), "{said}");
    assert_eq!(std::fs::read(world.layout.root.join("old/ENV")).expect("kept"), [0xff, 0xfe]);
    // It is tried again, and done once it can be.
    assert!(!world.layout.is_taken_over().exists());
    std::fs::write(world.layout.root.join("old/ENV"), "KEY=value\n").expect("mended");
    world.run("take-over");
    assert_eq!(world.run("config:get old KEY"), "value\n");
    assert!(world.layout.is_taken_over().exists());
}

#[test]
fn what_is_no_variable_is_kept_whole_whenever_the_run_was_cut_off() {
    let text = "KEY=value\nfoo.bar=1\nPEM=\"-----BEGIN\nMIIEow==\n-----END\"\n";
    for is_cut_off in [false, true] {
        let world = World::new();
        world.run("apps:create shop");
        let env = world.layout.root.join("shop/ENV");
        std::fs::write(&env, text).expect("written");
        if is_cut_off {
            // Killed when the variables were there, and the file still where it had been.
            world.run("config:set --no-restart shop KEY=value PEM=x");
            let mark = world.layout.config().join("config/shop/env-migrated");
            std::fs::create_dir_all(mark.parent().expect("a folder")).expect("a folder");
            std::fs::write(mark, "true").expect("written");
        }
        let said = world.run("take-over");
        let aside =
            "ENV has what can be no variable (foo.bar): kept as $WORLD/lib/data/appliance/set-aside/shop/ENV";
        assert!(said.contains(aside), "{said}");
        let kept = std::fs::read_to_string(world.layout.set_aside().join("shop/ENV"));
        assert_eq!(kept.expect("kept"), text);
        assert_eq!(world.run("config:get shop KEY"), "value\n");
        assert!(!env.exists());
    }
}

#[test]
fn what_is_kept_twice_is_kept_beside_the_first() {
    let world = volume::of("0.38");
    world.run("take-over");
    let app = world.layout.root.join("shop");
    let first = std::fs::read_to_string(app.join("ENV.migrated")).expect("kept");
    std::fs::write(app.join("ENV"), "KEY=another\n").expect("written");
    world.run("take-over");
    assert_eq!(std::fs::read_to_string(app.join("ENV.migrated")).expect("still there"), first);
    assert_eq!(std::fs::read_to_string(app.join("ENV.migrated.2")).expect("kept"), "KEY=another\n");
}

#[test]
fn what_no_release_wrote_keeps_nothing_back_and_stays() {
    let world = volume::of("0.20");
    let root = &world.layout.root;
    // Options that are no text would be others afterwards.
    std::fs::write(root.join("old/DOCKER_OPTIONS_DEPLOY"), b"-v /a\xff:/b\n").expect("written");
    std::fs::remove_file(root.join("shop/DOKKU_SCALE")).expect("there");
    std::fs::create_dir(root.join("shop/DOKKU_SCALE")).expect("made");
    std::fs::create_dir(root.join("my_app")).expect("made");
    std::fs::write(root.join("my_app/HEAD"), "ref: refs/heads/master\n").expect("written");
    let said = world.run("take-over");
    assert!(said.contains("old/DOCKER_OPTIONS_DEPLOY is not UTF-8: it stays as it is"), "{said}");
    assert!(said.contains("my_app has a name that no app can have today"), "{said}");
    assert!(said.contains("shop: docker options for run: 1"), "{said}");
    assert!(root.join("old/DOCKER_OPTIONS_DEPLOY").exists());
    assert!(root.join("shop/DOKKU_SCALE").is_dir());
    assert_eq!(world.run("take-over"), "", "what was said is not said again");
}
