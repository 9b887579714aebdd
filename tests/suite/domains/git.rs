//! git's own doors, knocked at by the system's git: our program stands where ssh would start it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use dokku::store::properties;

use crate::support::shell::Ran;
use crate::support::{Repository, World};

/// A server whose app `shop` has been pushed before, and a working copy to push from.
struct Remote {
    world: World,
    repository: Repository,
    /// What git starts in place of ssh.
    door: PathBuf,
}

impl Remote {
    fn new() -> Self {
        let world = World::new();
        world.run("apps:create shop");
        let app = "shop".parse().expect("a name");
        properties::set(&world.layout, "git", &dokku::model::Scope::App(app), "deploy-branch", "main")
            .expect("writable");
        world.run("git:initialize shop");
        let repository = Repository::of("hello");
        let remote = Remote { door: world.layout.root.join("door"), world, repository };
        // The words come last, quoted for a shell, as a client sends them.
        let script = format!(
            "#!/bin/sh\nfor words; do :; done\neval exec '{}' \"$words\"\n",
            env!("CARGO_BIN_EXE_dokku")
        );
        fs::write(&remote.door, script).expect("writable");
        fs::set_permissions(&remote.door, fs::Permissions::from_mode(0o755)).expect("a mode");
        // Fetched from the inside: a push would be a deploy.
        let (folder, from) = (remote.folder(), remote.repository.path().display().to_string());
        remote.repository.git(&["-C", &folder, "fetch", "-q", &from, "main:main"]).ok();
        remote
    }

    /// The repository on the server.
    fn folder(&self) -> String {
        self.world.layout.root.join("shop").display().to_string()
    }

    fn push(&self, words: &[&str]) -> Ran {
        let layout = &self.world.layout;
        let path = |path: &PathBuf| path.display().to_string();
        let (door, root) = (path(&self.door), path(&layout.root));
        let (lib, logs, run) = (path(&layout.lib), path(&layout.logs), path(&layout.run));
        let env = [
            ("GIT_SSH", door.as_str()),
            ("GIT_SSH_VARIANT", "simple"),
            ("DOKKU_ROOT", &root),
            ("DOKKU_LIB_PATH", &lib),
            ("DOKKU_LOGS_DIR", &logs),
            ("DOKKU_RUN_DIR", &run),
            // Nobody becomes somebody else here.
            ("DOKKU_SYSTEM_USER", "no-such-user"),
        ];
        let line: Vec<&str> = ["push", "ssh://dokku@server/shop"].iter().chain(words).copied().collect();
        self.repository.git_with(&line, &env)
    }

    /// What the references on the server point to.
    fn references(&self) -> String {
        self.repository.git(&["ls-remote", &self.folder()]).ok().out
    }
}

#[test]
fn the_deploy_branch_is_not_deleted() {
    let remote = Remote::new();
    let before = remote.references();
    assert!(before.contains("refs/heads/main"), "{before}");
    remote
        .push(&[":main"])
        .fails()
        .says("main is the deploy branch of shop and stays")
        .says("git:set shop deploy-branch <branch>")
        .says("apps:destroy shop");
    assert_eq!(remote.references(), before);
}

#[test]
fn another_branch_is_stored_and_says_what_to_do() {
    let remote = Remote::new();
    remote
        .push(&["main:topic"])
        .ok()
        .says("WARNING: deploy did not complete, you must push to main.")
        .says("git push <dokku> topic:main");
    assert!(remote.references().contains("refs/heads/topic"));
    remote.push(&[":topic"]).ok();
    assert!(!remote.references().contains("refs/heads/topic"));
}

#[test]
fn a_push_above_the_size_limit_is_refused_and_the_property_raises_it() {
    let remote = Remote::new();
    let noise: String =
        (0..20_000_u64).map(|number| format!("{:x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    remote.repository.write("noise", &noise).commit("much");
    let before = remote.references();
    assert_eq!(
        remote.world.run("git:set shop max-push-size 10000"),
        "=====> Setting max-push-size to 10000\n"
    );
    remote.push(&["main:topic"]).fails().says("git:set shop max-push-size <bytes>");
    assert_eq!(remote.references(), before);
    let wrong = remote.world.run("git:set shop max-push-size much");
    assert_eq!(wrong, "2> !     much is not a number of bytes\nexit 1\n");
    remote.world.run("git:set shop max-push-size 100000000");
    remote.push(&["main:topic"]).ok();
    assert_ne!(remote.references(), before);
}

#[test]
fn a_merge_of_packs_that_is_killed_loses_nothing() {
    let remote = Remote::new();
    for number in 1..=50_u32 {
        let noise: String =
            (0..4000_u32).map(|n| format!("{:08x}\n", n.wrapping_mul(2_654_435_761 ^ number))).collect();
        remote.repository.write("noise", &noise).commit("one more");
        remote.push(&["main:topic"]).ok();
    }
    let (folder, layout) = (remote.folder(), &remote.world.layout);
    let objects =
        || remote.repository.git(&["-C", &folder, "cat-file", "--batch-all-objects", "--batch-check"]).out;
    let before = objects();
    // Each time it gets a little further, until it comes to its end.
    let mut killed = 0;
    for patience in (0..).map(|turn| Duration::from_millis(3 * turn)) {
        let mut merge = Command::new(env!("CARGO_BIN_EXE_dokku"))
            .args(["git:consolidate", "shop"])
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("DOKKU_SYSTEM_USER", "nobody-of-that-name")])
            .env("DOKKU_ROOT", &layout.root)
            .env("DOKKU_LIB_PATH", &layout.lib)
            .env("DOKKU_LOGS_DIR", &layout.logs)
            .env("DOKKU_RUN_DIR", &layout.run)
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        // Not waited for anything: this is when the plug is pulled.
        std::thread::sleep(patience);
        let is_over = merge.try_wait().expect("ours to ask").is_some();
        merge.kill().ok();
        merge.wait().expect("it has ended");
        assert_eq!(objects(), before, "killed after {patience:?}");
        if is_over {
            break;
        }
        killed += 1;
    }
    assert!(killed > 2, "it was too fast to be killed");
    remote.repository.git(&["-C", &folder, "fsck", "--full", "--strict"]).ok();
    let left = fs::read_dir(layout.root.join("shop/objects/pack")).expect("a folder").flatten();
    let strangers: Vec<_> = left
        .map(|entry| entry.file_name())
        .filter(|name| !name.to_string_lossy().starts_with("pack-"))
        .collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    remote.repository.write("noise", "none").commit("one more");
    remote.push(&["main:topic"]).ok();
}

#[test]
fn many_pushes_leave_few_packs() {
    let remote = Remote::new();
    let packs = || {
        let folder = fs::read_dir(remote.world.layout.root.join("shop/objects/pack")).expect("a folder");
        folder.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "pack")).count()
    };
    let mut most = 0;
    for number in 1..=60 {
        remote.repository.write("number", &number.to_string()).commit("one more");
        remote.push(&["main:topic"]).ok();
        most = most.max(packs());
        // As the server does once a minute.
        let told = remote.world.run("git:consolidate");
        assert!(told.is_empty() || told == "-----> Merged the packs of shop\n", "{told}");
    }
    assert!(most <= 50, "{most} packs");
    assert!(packs() <= 11, "{} packs", packs());
    remote.repository.git(&["-C", &remote.folder(), "fsck", "--full", "--strict"]).ok();
    remote.repository.write("number", "61").commit("one more");
    remote.push(&["main:topic"]).ok();
}
