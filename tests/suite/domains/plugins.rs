use std::process::Command;

use dokku::platform::docker::{Image, ImageConfig};
use expect_test::expect;

use crate::support::{Repository, World};

const ECHO: &str = r#"echo "$(basename "$0"): $*""#;

#[test]
fn a_plugin_answers_to_its_own_words() {
    let world = World::new();
    world.add_plugin("toys", "subcommands/default", ECHO);
    world.add_plugin("toys", "subcommands/make", ECHO);
    expect!["default: toys a b\n"].assert_eq(&world.run("toys a b"));
    expect!["make: toys:make --loud x\n"].assert_eq(&world.run("toys:make --loud x"));
    // What stands behind --app is for the plugin to read.
    world.add_plugin("toys", "subcommands/name", r#"echo "$DOKKU_APP_NAME/$DOKKU_COMMAND/$*""#);
    expect!["shop/toys:name/toys:name\n"].assert_eq(&world.run("--app shop toys:name"));
    world.add_plugin("toys", "subcommands/fail", "echo sorry >&2; exit 7");
    expect!["2>sorry\nexit 7\n"].assert_eq(&world.run("toys:fail"));
    assert!(world.run("toys:../../../bin/sh").contains("is not a dokku command"));
}

#[test]
fn the_programs_called_commands_are_asked_one_after_the_other() {
    let world = World::new();
    let answers_to = |word: &str| {
        format!("case $1 in {word}) echo \"{word}: $*\" ;; *) exit $DOKKU_NOT_IMPLEMENTED_EXIT ;; esac")
    };
    world.add_plugin("alpha", "commands", &answers_to("alpha:say"));
    world.add_plugin("beta", "commands", &answers_to("beta:say"));
    expect!["beta:say: beta:say hello\n"].assert_eq(&world.run("beta:say hello"));
    assert!(world.run("gamma:say").contains("`gamma:say` is not a dokku command."));
    world.add_plugin("alpha", "commands", "exit 3");
    expect!["exit 3\n"].assert_eq(&world.run("beta:say hello"));
}

#[test]
fn what_is_native_is_never_asked_of_a_plugin() {
    let world = World::new();
    world.add_plugin("apps", "subcommands/list", "echo hijacked");
    assert!(!world.run("apps:list").contains("hijacked"));
}

#[test]
fn help_shows_the_commands_of_plugins() {
    let world = World::new();
    let script = r#"[ "$1" = help ] || exit 10
echo "    toys, Play with toys"
[ "$2" != --all ] || echo "    toys:make <name>, Make a toy, or two""#;
    world.add_plugin("toys", "commands", script);
    let short = world.run("help");
    assert!(short.contains("    toys  Play with toys\n") && !short.contains("toys:make"), "{short}");
    let long = world.run("help --all");
    assert!(long.contains("    toys:make <name>  Make a toy, or two\n"), "{long}");
}

#[test]
fn a_plugin_finds_its_settings_in_its_environment() {
    let world = World::new();
    world.add_plugin("toys", "subcommands/default", r#"echo "$CONFIG_color $CONFIG_size""#);
    let folder = world.layout.plugins_enabled().join("toys");
    std::fs::write(folder.join("plugin.toml"), "[plugin]\n[plugin.config]\ncolor = \"red\"\nsize = 3\n")
        .expect("written");
    expect!["red 3\n"].assert_eq(&world.run("toys"));
    std::fs::write(world.layout.plugin_settings(), "[toys]\ncolor = \"blue\"\n").expect("written");
    expect!["blue 3\n"].assert_eq(&world.run("toys"));
}

/// Runs `plugn` as a plugin does: by its name, in a process of its own.
fn plugn(world: &World, words: &[&str]) -> String {
    let name = world.layout.root.join("plugn");
    if !name.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dokku"), &name).expect("a link");
    }
    let done = Command::new(&name)
        .args(words)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("DOKKU_SYSTEM_USER", "nobody-of-that-name")])
        .env("DOKKU_ROOT", &world.layout.root)
        .env("DOKKU_LIB_PATH", &world.layout.lib)
        .env("DOKKU_LOGS_DIR", &world.layout.logs)
        .env("DOKKU_RUN_DIR", &world.layout.run)
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = done.status.code().unwrap_or(-1);
    format!("{}{}exit {status}\n", text(&done.stdout), text(&done.stderr))
}

#[test]
fn what_plugn_fires_reaches_native_and_external_listeners_by_name() {
    let world = World::new();
    world.run("apps:create shop");
    world.add_plugin("aaa", "app-list", "echo first $*");
    world.add_plugin("zzz", "app-list", "echo last $*");
    expect!["first\nshop\nlast\nexit 0\n"].assert_eq(&plugn(&world, &["trigger", "app-list"]));
    expect!["exit 0\n"].assert_eq(&plugn(&world, &["trigger", "app-exists", "shop"]));
    assert!(!plugn(&world, &["trigger", "app-exists", "other"]).ends_with("exit 0\n"));
    expect!["exit 0\n"].assert_eq(&plugn(&world, &["trigger", "nobody-listens", "x"]));
    world.add_plugin("aaa", "app-list", "exit 9");
    expect!["exit 9\n"].assert_eq(&plugn(&world, &["trigger", "app-list"]));
    assert!(plugn(&world, &["dance"]).starts_with(" !     Usage: plugn trigger"));
}

/// A plugin as an installation leaves it, enabled.
fn installed(world: &World, name: &str, version: &str) {
    let folder = world.layout.plugins_available().join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let text =
        format!("[plugin]\ndescription = \"about {name}\"\nversion = \"{version}\"\n[plugin.config]\n");
    std::fs::write(folder.join("plugin.toml"), text).expect("written");
    std::fs::create_dir_all(world.layout.plugins_enabled()).expect("a folder");
    let link = world.layout.plugins_enabled().join(name);
    std::os::unix::fs::symlink(format!("../available/{name}"), link).expect("a link");
}

#[test]
fn plugins_are_listed_with_version_state_and_description() {
    let world = World::new();
    installed(&world, "toys", "0.3.0");
    let listed = world.run("plugin:list");
    assert!(listed.contains("  apps                 0.38.27 enabled    Manage apps\n"), "{listed}");
    assert!(listed.contains("  toys                 0.3.0 enabled    about toys\n"), "{listed}");
    let json = world.run("plugin:list --format json");
    let all: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let of = |name: &str| {
        all.as_array().expect("a list").iter().find(|one| one["name"] == name).expect("listed").clone()
    };
    assert_eq!((&of("apps")["core"], &of("apps")["source_url"]), (&true.into(), &"".into()));
    assert_eq!((&of("toys")["core"], &of("toys")["enabled"]), (&false.into(), &true.into()));
    expect![[r#"
        2> !     Invalid output format specified, supported formats: json, stdout
        exit 1
    "#]]
    .assert_eq(&world.run("plugin:list --format nonsense"));
}

#[test]
fn a_disabled_plugin_is_not_called_and_an_uninstalled_one_is_gone() {
    let world = World::new();
    installed(&world, "toys", "1");
    world.add_plugin("toys", "subcommands/default", "echo hello");
    world.add_plugin("toys", "uninstall", r#"echo "bye $1""#);
    expect!["hello\n"].assert_eq(&world.run("toys"));
    expect![[r#"
        -----> Plugin toys disabled
        -----> Priming bash-completion cache
    "#]]
    .assert_eq(&world.run("plugin:disable toys"));
    assert!(world.run("toys").contains("is not a dokku command"));
    expect![[r#"
        2> !     Plugin already disabled
        exit 1
    "#]]
    .assert_eq(&world.run("plugin:disable toys"));
    assert_eq!(world.run("plugin:installed toys"), "");
    world.run("plugin:enable toys");
    expect![[r#"
        bye toys
        -----> Plugin toys uninstalled
        -----> Priming bash-completion cache
    "#]]
    .assert_eq(&world.run("plugin:uninstall toys"));
    assert_eq!(world.run("plugin:installed toys"), "exit 1\n");
    assert!(world.run("toys").contains("is not a dokku command"));
}

#[test]
fn native_plugins_cannot_be_taken_away() {
    let world = World::new();
    expect!["2> !     Cannot disable a core plugin\nexit 1\n"].assert_eq(&world.run("plugin:disable apps"));
    expect!["2> !     Cannot uninstall a core plugin\nexit 1\n"]
        .assert_eq(&world.run("plugin:uninstall apps"));
    expect!["2> !     Plugin already enabled\nexit 1\n"].assert_eq(&world.run("plugin:enable apps"));
    assert_eq!(world.run("plugin:installed apps"), "");
    assert!(world.run("plugin:disable ../x").contains("Invalid plugin name specified"));
}

#[test]
fn any_trigger_is_fired_by_hand() {
    let world = World::new();
    world.add_plugin("toys", "play", r#"echo "play $*""#);
    expect!["play a --b\n"].assert_eq(&world.run("plugin:trigger play a --b"));
    world.add_plugin("toys", "dependencies", "echo needed");
    expect!["needed\n"].assert_eq(&world.run("plugin:install-dependencies"));
    expect![""].assert_eq(&world.run("plugin:install-dependencies --core"));
    world.add_plugin("toys", "install", "exit 4");
    expect!["exit 4\n"].assert_eq(&world.run("plugin:install"));
}

#[test]
fn plugins_learn_how_an_image_was_built() {
    let world = World::new();
    world.run("apps:create shop");
    let image = |name: &str, env: &str, label: &str| {
        let mut config = ImageConfig { env: vec![env.to_owned()], ..ImageConfig::default() };
        config.labels.insert(label.to_owned(), "x".to_owned());
        world.docker.have_image(name, Image { config, ..Image::default() });
    };
    image("plain:latest", "USER=root", "a");
    image("slug:latest", "USER=herokuishuser", "a");
    image("pack:latest", "A=b", "io.buildpacks.stack.id");
    let told = |kind: &str, name: &str| {
        world.run(&format!("plugin:trigger builder-image-is-{kind} shop {name}:latest"))
    };
    let of = |kind: &str| ["plain", "slug", "pack", "missing"].map(|name| told(kind, name)).concat();
    expect!["false\nfalse\ntrue\nfalse\n"].assert_eq(&of("cnb"));
    expect!["false\ntrue\ntrue\nfalse\n"].assert_eq(&of("herokuish"));
    world.run("config:set --no-restart shop DOKKU_APP_USER=root");
    expect!["true\nfalse\ntrue\nfalse\n"].assert_eq(&of("herokuish"));
}

/// A repository of a plugin with one command, at version 1, tagged so.
fn repository() -> Repository {
    let repository = Repository::empty();
    edition(&repository, 1);
    repository.git(&["tag", "v1"]);
    repository
}

fn edition(repository: &Repository, number: u32) {
    repository
        .write(
            "plugin.toml",
            &format!("[plugin]\ndescription = \"toys\"\nversion = \"0.{number}.0\"\n[plugin.config]\n"),
        )
        .write_program("subcommands/default", &format!("#!/bin/sh\necho edition {number}\n"))
        .write_program(
            "install",
            "#!/bin/sh\necho \"installs $(basename \"$0\")\"; touch \"$(dirname \"$0\")/made\"\n",
        )
        .commit(&format!("edition {number}"));
}

#[test]
fn a_plugin_is_installed_updated_and_kept_at_its_tag() {
    let world = World::new();
    let repository = repository();
    let url = format!("file://{}", repository.path().display());
    let told = world.run(&format!("plugin:install {url} --name toys"));
    assert!(told.contains("-----> Plugin toys enabled\n") && told.contains("installs install\n"), "{told}");
    expect!["edition 1\n"].assert_eq(&world.run("toys"));
    assert!(
        world.run(&format!("plugin:install {url} --name toys")).contains("Plugin toys is already installed")
    );
    let json = world.run("plugin:list --format json");
    assert!(json.contains(&format!("\"source_url\":\"{url}\"")), "{json}");

    edition(&repository, 2);
    world.run("plugin:update toys");
    expect!["edition 2\n"].assert_eq(&world.run("toys"));
    assert!(world.layout.plugins_available().join("toys/made").exists(), "what it made is kept");
    world.run("plugin:update toys v1");
    expect!["edition 1\n"].assert_eq(&world.run("toys"));
    world.run("plugin:update");
    expect!["edition 1\n"].assert_eq(&world.run("toys"));

    assert!(world.run("plugin:update apps").contains("please update Dokku instead"));
    assert!(world.run("plugin:update other").contains("Specified plugin not enabled or installed"));
    assert!(world.run(&format!("plugin:update {url}")).contains("Invalid plugin name specified"));
}

#[test]
fn what_is_no_plugin_is_refused_and_leaves_nothing() {
    let world = World::new();
    for words in
        ["NAME X Y", "ZXZX --random-flag", "http://www.example.com/ --random-flag", "/path/to/nowhere"]
    {
        let told = world.run(&format!("plugin:install {words}"));
        assert!(
            told.contains("Please retry with valid arguments") && told.contains("exit 1"),
            "{words}: {told}"
        );
    }
    let repository = repository();
    let url = format!("file://{}", repository.path().display());
    let told = world.run(&format!("plugin:install {url} --committish v9 --name toys"));
    assert!(told.contains("v9") && told.contains("exit 1"), "{told}");
    assert!(world.run(&format!("plugin:install {url} --name apps")).contains("There is a core plugin"));
    let left = std::fs::read_dir(world.layout.plugins_available()).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left");
}

#[test]
fn an_installation_that_was_cut_off_is_swept_by_the_next_change() {
    let world = World::new();
    installed(&world, "toys", "1");
    std::fs::write(world.layout.plugins_available().join(".toys.installing"), "").expect("written");
    assert!(world.run("plugin:uninstall toys").contains("is not currently installed"));
    assert!(!world.layout.plugins_enabled().join("toys").is_symlink());
}

#[test]
fn one_plugin_that_cannot_install_itself_does_not_keep_others_from_it() {
    let world = World::new();
    world.add_plugin("aaa", "install", "echo sorry >&2; exit 4");
    world.add_plugin("bbb", "install", "echo ready");
    world.add_plugin("bbb", "dependencies", "echo needed");
    expect!["2>sorry\nexit 4\n"].assert_eq(&world.run("plugin:install"));
    let told = world.run("plugin:install --keep-going");
    assert!(told.contains("ready\n") && told.contains("Plugin aaa: install ended with status 4"), "{told}");
    assert!(told.contains("install failed: aaa") && told.ends_with("exit 1\n"), "{told}");
    expect!["needed\n"].assert_eq(&world.run("plugin:install-dependencies --keep-going"));
}

/// An archive of the folder, made by `tar` as people make it.
fn archive(folder: &std::path::Path, name: &str, words: &[&str]) -> String {
    let path = folder.join(name);
    let done = Command::new("tar").arg("-czf").arg(&path).args(words).status().expect("tar runs");
    assert!(done.success());
    format!("file://{}", path.display())
}

#[test]
fn a_plugin_may_come_as_an_archive() {
    let world = World::new();
    let repository = repository();
    let folder = tempfile::tempdir().expect("a folder");
    let source = repository.path().to_string_lossy().into_owned();
    let (parent, name) = source.rsplit_once('/').expect("a folder in a folder");
    let inside = archive(folder.path(), "dokku-toys.tar.gz", &["-C", parent, "--exclude", ".git", name]);
    let flat = archive(folder.path(), "flat.tgz", &["-C", &source, "--exclude", "./.git", "."]);
    let told = world.run(&format!("plugin:install {inside}"));
    assert!(told.contains("installs install\n"), "{told}");
    expect!["edition 1\n"].assert_eq(&world.run("toys"));
    world.run(&format!("plugin:install {flat}"));
    expect!["edition 1\n"].assert_eq(&world.run("flat"));
    assert!(world.run("plugin:update flat").contains("did not come from git"));
    let told = world.run(&format!("plugin:install {inside} --committish v1 --name again"));
    assert!(told.contains("An archive has no branches"), "{told}");
}

#[test]
fn an_archive_that_could_do_harm_or_is_none_leaves_nothing() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("evil"), "x").expect("written");
    let place = folder.path().to_string_lossy().into_owned();
    let evil =
        archive(folder.path(), "evil.tar.gz", &["-C", &place, "--transform", "s,^,../../../../,", "evil"]);
    let told = world.run(&format!("plugin:install {evil}"));
    assert!(told.contains("leads out of the folder") && told.ends_with("exit 1\n"), "{told}");
    std::fs::write(folder.path().join("text.tgz"), "no archive").expect("written");
    let told = world.run(&format!("plugin:install file://{place}/text.tgz"));
    assert!(told.contains("it is no .tar.gz, or is broken"), "{told}");
    let told = world.run(&format!("plugin:install file://{place}/missing.tgz"));
    assert!(told.contains("missing.tgz") && told.ends_with("exit 1\n"), "{told}");
    let left = std::fs::read_dir(world.layout.plugins_available()).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing is left");
}
