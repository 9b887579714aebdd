//! The small programs that plugins call: the one binary under other names, run as processes of their own.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use dokku::kernel::{Buffers, Out, Stream};
use dokku::platform::docker::{Image, ImageConfig};
use dokku::programs::image_labeler::{Relabel, relabel};
use expect_test::expect;

use crate::support::World;

/// A folder in which the programs run, with links to the binary.
struct Place {
    world: World,
}

impl Place {
    fn new() -> Self {
        Place { world: World::new() }
    }

    fn folder(&self) -> &Path {
        &self.world.layout.root
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).unwrap()
    }

    /// Output, errors marked `2>`, and the status unless it is 0. Words are split at blanks.
    fn run(&self, line: &str) -> String {
        self.run_with(line, "")
    }

    fn run_with(&self, line: &str, input: &str) -> String {
        let (name, words) = line.split_once(' ').unwrap_or((line, ""));
        let program = self.folder().join(name);
        if !program.exists() {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dokku"), &program).unwrap();
        }
        let layout = &self.world.layout;
        let mut child = Command::new(&program)
            .args(words.split_whitespace())
            .current_dir(self.folder())
            .env_clear()
            .envs([
                ("PATH", "/usr/bin:/bin"),
                ("DOKKU_SYSTEM_USER", "nobody-of-that-name"),
                ("FROM_ENV", "env"),
            ])
            .env("HOME", self.folder())
            .env("DOKKU_ROOT", &layout.root)
            .env("DOKKU_LIB_PATH", &layout.lib)
            .env("DOKKU_LOGS_DIR", &layout.logs)
            .env("DOKKU_RUN_DIR", &layout.run)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read ends before it got all of it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let done = child.wait_with_output().unwrap();
        let mut told = String::from_utf8_lossy(&done.stdout).into_owned();
        told.extend(String::from_utf8_lossy(&done.stderr).lines().map(|line| format!("2>{line}\n")));
        match done.status.code() {
            Some(0) => told,
            code => format!("{told}exit {}\n", code.unwrap_or(-1)),
        }
    }
}

#[test]
fn procfile_util_reads_procfiles() {
    let place = Place::new();
    place.write("Procfile", "# ours\nweb: node web.js --port $PORT $PS $FROM_ENV # x\nMy_worker: run\n");
    expect!["valid procfile detected My_worker, web\n"].assert_eq(&place.run("procfile-util check"));
    expect!["My_worker\nweb\n"].assert_eq(&place.run("procfile-util list"));
    expect!["2> !     process name contains invalid characters, line 3\nexit 1\n"]
        .assert_eq(&place.run("procfile-util list -S"));
    expect!["node web.js --port 5000 web \n"].assert_eq(&place.run("procfile-util show -p web"));
    expect!["node web.js --port 80 web env\n"]
        .assert_eq(&place.run("procfile-util show --process-type web --default-port 80 --allow-getenv"));
    place.write("vars", "PORT=9\nFROM_ENV=file\n");
    expect!["My_worker: run\nweb: node web.js --port 9 web file\n"]
        .assert_eq(&place.run("procfile-util expand -a -e vars"));
    expect![""].assert_eq(&place.run("procfile-util exists -p web"));
    expect!["2> !     No matching process entry found\nexit 1\n"]
        .assert_eq(&place.run("procfile-util exists -p cron"));
    expect!["a\n"].assert_eq(&place.run_with("procfile-util list -P missing -D =", "a=b\n"));
    assert!(place.run("procfile-util dance").ends_with("exit 1\n"));
}

#[test]
fn procfile_util_changes_procfiles() {
    let place = Place::new();
    place.write("Procfile", "web: serve\nrelease: migrate\n");
    expect!["web: serve\n"].assert_eq(&place.run("procfile-util delete -p release --stdout"));
    assert_eq!(place.run("procfile-util delete --process-type release"), "");
    assert_eq!(place.read("Procfile"), "web: serve\n");
    assert_eq!(place.run("procfile-util set -p cron -c tick -w other"), "");
    assert_eq!(
        (place.read("Procfile").as_str(), place.read("other").as_str()),
        ("web: serve\n", "cron: tick\nweb: serve\n")
    );
    expect!["2> !     cannot specify both --stdout and --write-path flags\nexit 1\n"]
        .assert_eq(&place.run("procfile-util delete -p web -s -w other"));
}

#[test]
fn netrc_keeps_logins() {
    let place = Place::new();
    expect!["2>Invalid machine 'a.org' specified\nexit 1\n"].assert_eq(&place.run("netrc get a.org"));
    expect![""].assert_eq(&place.run("netrc set a.org me secret"));
    expect!["machine a.org\n  login me\n  password secret\n"].assert_eq(&place.read(".netrc"));
    let mode =
        std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(place.folder().join(".netrc")).unwrap());
    assert_eq!(mode & 0o777, 0o600);
    expect!["me:secret\n"].assert_eq(&place.run("netrc get a.org"));
    expect![""].assert_eq(&place.run_with("netrc set a.org you --stdin mine", "it's\n"));
    expect!["it's\n"].assert_eq(&place.run("netrc get a.org --field password"));
    expect!["login=you\naccount=mine\n"]
        .assert_eq(&place.run("netrc get a.org --field login --field account"));
    expect!["login='you'\npassword='it'\\''s'\n"].assert_eq(&place.run("netrc get a.org --format shell"));
    expect!["{\n  \"login\": \"you\",\n  \"password\": \"it's\"\n}\n"]
        .assert_eq(&place.run("netrc get a.org --format json"));
    expect![""].assert_eq(&place.run("netrc set a.org --login me"));
    expect!["a.org\tlogin=me\tpassword=it's\taccount=mine\n"]
        .assert_eq(&place.run("netrc list --with-fields"));
    expect!["2>This command requires 3 and at most 4 arguments, 1 argument given: b.org\nexit 1\n"]
        .assert_eq(&place.run("netrc set b.org"));
    expect!["2>Cannot create new entry 'b.org' without login and password\nexit 1\n"]
        .assert_eq(&place.run("netrc set b.org --login x"));
    expect!["2>--stdin given but stdin was empty\nexit 1\n"]
        .assert_eq(&place.run("netrc set a.org me --stdin"));
    expect![""].assert_eq(&place.run("netrc rename a.org c.org"));
    expect!["c.org\n"].assert_eq(&place.run("netrc list"));
    expect![""].assert_eq(&place.run("netrc unset c.org"));
    expect![""].assert_eq(&place.run("netrc list"));
}

#[test]
fn prop_reads_and_writes_properties_of_plugins() {
    let place = Place::new();
    for line in ["prop setup toys", "prop set toys shop color red", "prop rpush toys shop parts wheel"] {
        expect![""].assert_eq(&place.run(line));
    }
    expect!["red\n"].assert_eq(&place.run("prop get toys shop color"));
    expect!["blue\n"].assert_eq(&place.run("prop get-with-default toys shop size blue"));
    expect!["1\n"].assert_eq(&place.run("prop llen toys shop parts"));
    expect!["exit 1\n"].assert_eq(&place.run("prop exists toys shop size"));
    expect![""].assert_eq(&place.run("prop del toys shop color"));
    assert!(place.run("prop dance").starts_with("2> !     Usage: prop VERB"));
}

#[tokio::test]
async fn docker_image_labeler_labels_an_image_under_its_name() {
    let world = World::new();
    let mut config = ImageConfig { cmd: vec!["serve".to_owned()], ..ImageConfig::default() };
    config.labels.insert("old".to_owned(), "1".to_owned());
    world.docker.have_image("shop:latest", Image { config, ..Image::default() });
    world.docker.take_calls();
    let told = Arc::new(Buffers::default());
    let out = Out::to(told.clone(), true, false);
    let ask = |label: &[&str], remove_label: &[&str]| Relabel {
        label: label.iter().map(|&label| label.to_owned()).collect(),
        remove_label: remove_label.iter().map(|&label| label.to_owned()).collect(),
        image_name: "shop:latest".to_owned(),
    };
    let docker = &world.docker;
    assert!(relabel(docker, &ask(&[], &[]), &out).await.unwrap_err().message.contains("No labels specified"));
    let refused = relabel(docker, &ask(&[], &["old"]), &out).await.unwrap_err();
    assert!(refused.message.contains("cannot be removed"), "{}", refused.message);
    assert!(relabel(docker, &ask(&["=x"], &[]), &out).await.is_err());
    world.docker.take_calls();
    relabel(docker, &ask(&["old=2", "new=$a\"b"], &["none"]), &out).await.unwrap();
    expect![[r#"
        docker create sha256:0000000000040000000000000000000000000000000000000000000000000000
        docker commit --change 'LABEL "old"="2"' --change 'LABEL "new"="\$a\"b"' --change 'LABEL "com.dokku.docker-image-labeler/alternate-tags"="[\"shop:latest\"]"' 0000000000050000000000000000000000000000000000000000000000000000 shop:latest
        docker rm --force --volumes 0000000000050000000000000000000000000000000000000000000000000000
        docker rmi sha256:0000000000040000000000000000000000000000000000000000000000000000
    "#]].assert_eq(&world.docker.take_calls());
    // The engine of the tests keeps an image that another one is made of.
    assert!(told.text(Stream::Stderr).starts_with(" !     Warning: Failed to delete old image:"));
}

#[test]
fn docker_container_healthchecker_reads_and_writes_checks() {
    let place = Place::new();
    let line = |words: &str| place.run(&format!("docker-container-healthchecker {words}"));
    expect![[r#"{"healthchecks":{"web":[{"name":"default","type":"startup","uptime":1}]}}
"#]]
    .assert_eq(&line("add"));
    expect!["2> !     No healthchecks found in app.json for web process type\nexit 1\n"]
        .assert_eq(&line("exists web"));
    expect![""].assert_eq(&line("add web --listening-check --port 80 --in-place --name open --warn-only"));
    expect![""].assert_eq(&line("exists web"));
    expect![""].assert_eq(&line("add web --if-empty --in-place"));
    expect![[
        r#"{"healthchecks":{"web":[{"listening":true,"name":"open","port":80,"type":"startup","warn":true}]}}"#
    ]]
    .assert_eq(&place.read("app.json"));
}

#[test]
fn docker_container_healthchecker_converts_a_checks_file() {
    let place = Place::new();
    let line = |words: &str| place.run(&format!("docker-container-healthchecker {words}"));
    place.write("CHECKS", "ATTEMPTS=2\n/ Hello World!\n");
    expect![[r#"{"healthchecks":{"web":[{"attempts":2,"content":"Hello World!","name":"check-1","path":"/","type":"startup"}]}}
"#]]
    .assert_eq(&line("convert CHECKS"));
    place.write("app.json", r#"{"name": "shop", "healthchecks": {"worker": [], "web": [1]}}"#);
    expect![""].assert_eq(&line("convert CHECKS --app-json app.json --in-place"));
    expect![[r#"{"name":"shop","healthchecks":{"worker":[],"web":[{"attempts":2,"content":"Hello World!","name":"check-1","path":"/","type":"startup"}]}}"#]]
    .assert_eq(&place.read("app.json"));
    let missing =
        [line("convert none"), line("convert CHECKS --app-json none"), line("convert CHECKS --in-place")];
    assert!(missing.iter().all(|told| told.ends_with("exit 1\n")), "{missing:?}");
}

#[test]
fn docker_container_healthchecker_runs_no_checks() {
    let told = Place::new().run("docker-container-healthchecker check abc --process-type web");
    assert!(told.contains("checks:run") && told.ends_with("exit 1\n"), "{told}");
}

#[test]
fn the_prompt_runs_a_line_after_the_other_and_leaves_the_rest_to_who_reads() {
    let place = Place::new();
    place.run("dokku apps:create shop");
    let lines =
        "apps:exists shop\n\n  nonsense  \nconfig:set --no-restart shop A='one two'\nconfig:get shop A\n";
    expect![[r#"
        -----> Setting config vars
               A:  one two
        one two

        2> !     `nonsense` is not a dokku command.
        2> !     See `dokku help` for a list of available commands.
    "#]]
    .assert_eq(&place.run_with("dokku shell", lines));
    assert_eq!(place.run_with("dokku shell", "quit\napps:list\n"), "");
    assert_eq!(place.run_with("dokku shell", ""), "\n");
    assert_eq!(
        place.run_with("dokku shell", "config:get shop A"),
        "one two\n\n",
        "the last line needs no end"
    );
    let told = place.run_with("dokku shell", "config:set shop 'A\nexit\n");
    assert!(told.contains("unmatched single quote"), "{told}");
    // What follows the line is the command's to read.
    let import = place.run_with("dokku shell", "config:import --no-restart shop -\nB=2\n");
    assert!(import.contains("B:  2"), "{import}");
    assert!(place.run_with("dokku shell extra", "").contains("One argument too many, ignored: extra"));
}
