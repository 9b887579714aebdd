//! Clones of what the real git serves; the real git judges what came of them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use dokku::model::Fault;
use dokku::platform::env::Env;
use dokku::platform::git::{CloneLimits, CloneRequest, Cloned, clone, describe};

use super::clone_servers::{Server, ssh};
use super::sandbox::Sandbox;

/// Clones into `t` of the sandbox, or into the target that is named.
struct Cloning<'a> {
    sandbox: &'a Sandbox,
    env: Env,
    limits: CloneLimits,
    heard: Mutex<Vec<String>>,
}

impl<'a> Cloning<'a> {
    fn of(sandbox: &'a Sandbox) -> Self {
        let mut env: Env = [("PATH", std::env::var("PATH").expect("set"))].into_iter().collect();
        env.set("HOME", sandbox.path("").display().to_string());
        Cloning { sandbox, env, limits: CloneLimits::default(), heard: Mutex::default() }
    }

    fn with(mut self, key: &str, value: impl std::fmt::Display) -> Self {
        self.env.set(key, value.to_string());
        self
    }

    fn try_clone(&self, target: &str, url: &str, committish: Option<&str>) -> Result<Cloned, Fault> {
        clone(&CloneRequest {
            url,
            committish,
            target: &self.sandbox.path(target),
            env: &self.env,
            limits: self.limits,
            progress: &|line| self.heard.lock().expect("not poisoned").push(line.to_owned()),
        })
    }

    /// A clone that must succeed, judged by git.
    fn clone_to(&self, target: &str, url: &str, committish: Option<&str>) -> Cloned {
        let cloned = self.try_clone(target, url, committish);
        let cloned = cloned.unwrap_or_else(|fault| panic!("{url} {committish:?}: {fault} {:?}", fault.hints));
        let git = |arguments: &[&str]| self.sandbox.git(target, arguments);
        assert_eq!(git(&["status", "--porcelain"]), "", "{url}");
        assert_eq!(git(&["rev-parse", "HEAD"]), cloned.commit.to_string(), "{url}");
        let branch = self.sandbox.try_git(target, &["symbolic-ref", "-q", "--short", "HEAD"]);
        assert_eq!(branch.ok.then(|| branch.text.trim().to_owned()), cloned.branch, "{url}");
        self.sandbox.assert_fsck(target);
        let described = describe(&self.sandbox.path(target)).expect("readable").expect("a checkout");
        assert_eq!((described.commit, described.branch), (cloned.commit, cloned.branch.clone()));
        assert_eq!(described.url.as_deref(), Some(git(&["config", "remote.origin.url"]).as_str()));
        self.nothing_is_left();
        cloned
    }

    /// A clone that must fail, and leave nothing.
    fn fault(&self, url: &str, committish: Option<&str>) -> Fault {
        let fault = self.try_clone("t", url, committish).expect_err("it cannot be");
        assert!(!self.sandbox.path("t").exists(), "{url}");
        self.nothing_is_left();
        fault
    }

    fn nothing_is_left(&self) {
        let left = staged(self.sandbox);
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

fn staged(sandbox: &Sandbox) -> Vec<String> {
    let names = fs::read_dir(sandbox.path("")).expect("there").flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains(".cloning-")).collect()
}

/// A repository with everything that a work tree can get wrong, and a tag, a branch and a history.
fn plugin(format: &str) -> Sandbox {
    let sandbox = Sandbox::of_format(format);
    sandbox.commit("plugin.toml", "[plugin]\nversion = \"1\"\n");
    sandbox.git("c", &["tag", "-a", "1.0.0", "-m", "one"]);
    sandbox.git("c", &["tag", "light"]);
    let folder = sandbox.path("c");
    fs::write(folder.join("commands"), "#!/bin/sh\n").expect("written");
    fs::set_permissions(folder.join("commands"), fs::Permissions::from_mode(0o755)).expect("changed");
    fs::write(folder.join("windows.txt"), "one\r\ntwo\r\n").expect("written");
    fs::write(folder.join(".gitattributes"), "*.txt text\n").expect("written");
    fs::write(folder.join("large"), vec![b'x'; 6 << 20]).expect("written");
    let noise: Vec<u8> =
        (0_u32..60_000).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8 ^ at as u8).collect();
    fs::write(folder.join("noise"), noise).expect("written");
    fs::create_dir_all(folder.join("a.b/deep folder/\u{fc}")).expect("made");
    fs::write(folder.join("a.b/deep folder/\u{fc}/file"), "").expect("written");
    fs::write(folder.join("a.bc"), "sorts between").expect("written");
    symlink("../commands", folder.join("a.b/link")).expect("made");
    // Line endings go in as they are.
    sandbox.git("c", &["-c", "core.autocrlf=false", "add", "-A"]);
    sandbox.git("c", &["commit", "-q", "-m", "more"]);
    sandbox.git("c", &["checkout", "-q", "-b", "feature/x"]);
    sandbox.commit("feature", "x");
    sandbox.git("c", &["checkout", "-q", "main"]);
    sandbox.commit("last", "y");
    sandbox
}

fn assert_files(sandbox: &Sandbox, target: &str) {
    let (ours, theirs) = (sandbox.path(target), sandbox.path("c"));
    for name in ["plugin.toml", "large", "a.b/deep folder/\u{fc}/file"] {
        assert_eq!(fs::read(ours.join(name)).expect("there"), fs::read(theirs.join(name)).expect("there"));
    }
    let mode = |name: &str| fs::metadata(ours.join(name)).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode("commands"), mode("last")), (0o755, 0o644));
    assert_eq!(fs::read_link(ours.join("a.b/link")).expect("a link"), Path::new("../commands"));
}

#[test]
fn every_way_brings_the_same_checkout() {
    let sandbox = plugin("sha1");
    let (http, daemon) = (Server::http(&sandbox.path("")), Server::daemon(&sandbox.path("")));
    let new = ssh(&sandbox.path(""), "far-new", "GIT_PROTOCOL=version=2 exec sh -c \"$command\"");
    let old = ssh(&sandbox.path(""), "far-old", "unset GIT_PROTOCOL; exec sh -c \"$command\"");
    let path = sandbox.path("c").display().to_string();
    let ways = [
        ("path", path.clone(), None),
        ("file", format!("file://{path}"), None),
        ("http", http.url("http", "c/.git"), None),
        ("http-old", http.url("http", "old/c/.git"), None),
        ("http-moved", http.url("http", "moved/c/.git"), None),
        ("daemon", daemon.url("git", "c/.git"), None),
        ("ssh", format!("git@example.com:{path}"), Some(&new)),
        ("ssh-old", format!("ssh://git@example.com:2222{path}"), Some(&old)),
    ];
    for (target, url, program) in &ways {
        let cloning = Cloning::of(&sandbox);
        let cloning = match program {
            Some(program) => cloning.with("GIT_SSH_COMMAND", program.display()),
            None => cloning,
        };
        let cloned = cloning.clone_to(target, url, None);
        assert_eq!(cloned.commit.to_string(), sandbox.rev("c", "main"), "{target}");
        assert_eq!(cloned.branch.as_deref(), Some("main"), "{target}");
        assert_files(&sandbox, target);
        assert_eq!(sandbox.git(target, &["rev-list", "--count", "HEAD"]), "1", "{target} is not deep");
        assert_eq!(sandbox.git(target, &["rev-parse", "origin/main"]), cloned.commit.to_string());
    }
    let log = fs::read_to_string(sandbox.path("ssh.log")).expect("written");
    assert!(log.contains(&format!("git@example.com git-upload-pack '{path}'")), "{log}");
    assert!(log.contains("-p 2222 git@example.com"), "{log}");
    // The real git takes it from here.
    sandbox.commit("newer", "z");
    sandbox.git("path", &["pull", "-q"]);
    assert_eq!(sandbox.rev("path", "HEAD"), sandbox.rev("c", "main"));
}

#[test]
fn branches_tags_and_commits_are_found_by_name() {
    let sandbox = plugin("sha1");
    let server = Server::http(&sandbox.path(""));
    let first = sandbox.rev("c", "1.0.0^{commit}");
    let middle = sandbox.rev("c", "main~1");
    let urls = [
        sandbox.path("c").display().to_string(),
        server.url("http", "c/.git"),
        server.url("http", "old/c/.git"),
    ];
    for (number, url) in urls.iter().enumerate() {
        for (name, commit, branch) in [
            ("feature/x", sandbox.rev("c", "feature/x"), Some("feature/x")),
            ("refs/heads/feature/x", sandbox.rev("c", "feature/x"), Some("feature/x")),
            ("1.0.0", first.clone(), None),
            ("light", first.clone(), None),
            (&middle, middle.clone(), None),
            (&middle[..7], middle.clone(), None),
        ] {
            let target = format!("t{number}-{}", name.replace('/', "-"));
            let cloned = Cloning::of(&sandbox).clone_to(&target, url, Some(name));
            assert_eq!(cloned.commit.to_string(), commit, "{url} {name}");
            assert_eq!(cloned.branch.as_deref(), branch, "{url} {name}");
        }
    }
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let sandbox = plugin("sha1");
    let server = Server::http(&sandbox.path(""));
    for url in [
        sandbox.path("c").display().to_string(),
        server.url("http", "c/.git"),
        server.url("http", "old/c/.git"),
    ] {
        let cloning = Cloning::of(&sandbox);
        let fault = cloning.fault(&url, Some("1.0.1"));
        assert!(fault.message.contains("it has no branch, tag or commit '1.0.1'"), "{fault}");
        assert_eq!(fault.hints, ["Did you mean 1.0.0?"]);
        let fault = cloning.fault(&url, Some("nonsense"));
        assert_eq!(fault.hints, ["It has feature/x, main, 1.0.0, light"]);
        for commit in ["deadbeef", "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"] {
            let fault = cloning.fault(&url, Some(commit));
            assert!(fault.message.contains(&format!("no branch, tag or commit '{commit}'")), "{fault}");
        }
    }
    let blob = sandbox.rev("c", "main:last");
    let fault = Cloning::of(&sandbox).fault(&sandbox.path("c").display().to_string(), Some(&blob));
    assert!(fault.message.ends_with("is a blob, not a commit"), "{fault}");
    let fault = Cloning::of(&sandbox).fault(&sandbox.path("s.git").display().to_string(), None);
    assert!(fault.message.ends_with("it is empty: nothing was pushed to it yet"), "{fault}");
}

#[test]
fn a_local_repository_may_be_packed_detached_lean_on_another_or_use_sha256() {
    let sandbox = plugin("sha1");
    let path = |name: &str| sandbox.path(name).display().to_string();
    sandbox.git("c", &["gc", "-q"]);
    Cloning::of(&sandbox).clone_to("packed", &path("c"), Some("1.0.0"));
    sandbox.git("c", &["clone", "-q", "--shared", ".", "../leaning"]);
    Cloning::of(&sandbox).clone_to("from-leaning", &path("leaning"), None);
    sandbox.git("c", &["clone", "-q", "--bare", ".", "../bare.git"]);
    Cloning::of(&sandbox).clone_to("from-bare", &path("bare"), None);
    sandbox.git("leaning", &["checkout", "-q", "--detach", "HEAD~1"]);
    let cloned = Cloning::of(&sandbox).clone_to("from-detached", &path("leaning"), None);
    assert_eq!((cloned.commit.to_string(), cloned.branch), (sandbox.rev("leaning", "HEAD"), None));
    sandbox.git("c", &["clone", "-q", "--depth=1", &format!("file://{}", path("c")), "../shallow"]);
    let server = Server::http(&sandbox.path(""));
    let commit = sandbox.rev("shallow", "HEAD");
    for way in ["shallow/.git", "old/shallow/.git"] {
        Cloning::of(&sandbox).clone_to(
            &format!("from-{}", way.replace('/', "-")),
            &server.url("http", way),
            Some(&commit),
        );
    }

    let sandbox = plugin("sha256");
    let cloned = Cloning::of(&sandbox).clone_to("t", &sandbox.path("c").display().to_string(), Some("1.0.0"));
    assert_eq!(cloned.commit.to_string().len(), 64);
    let server = Server::http(&sandbox.path(""));
    Cloning::of(&sandbox).clone_to("t2", &server.url("http", "c/.git"), None);
}

#[test]
fn submodules_are_named_and_stay_empty() {
    let sandbox = plugin("sha1");
    let commit = sandbox.rev("c", "HEAD");
    sandbox.git("c", &["update-index", "--add", "--cacheinfo", &format!("160000,{commit},vendor/lib")]);
    fs::write(sandbox.path("c/.gitmodules"), "[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = ../lib\n")
        .expect("written");
    sandbox.git("c", &["add", ".gitmodules"]);
    sandbox.git("c", &["commit", "-q", "-m", "submodule"]);
    let cloned = Cloning::of(&sandbox).clone_to("t", &sandbox.path("c").display().to_string(), None);
    assert_eq!(cloned.submodules, ["vendor/lib"]);
    assert_eq!(fs::read_dir(sandbox.path("t/vendor/lib")).expect("a folder").count(), 0);
}

#[test]
fn logins_come_from_the_address_or_from_netrc_and_are_never_shown() {
    let sandbox = plugin("sha1");
    let server = Server::http(&sandbox.path(""));
    let url = server.url("http", "secret/c/.git");
    let fault = Cloning::of(&sandbox).fault(&url, None);
    assert!(fault.message.contains("wants a name and password"), "{fault}");
    let with = |login: &str| url.replace("://", &format!("://{login}@"));
    let fault = Cloning::of(&sandbox).fault(&with("me:wr%C3%B6ng"), None);
    assert!(fault.message.contains("does not accept") && !fault.message.contains("wr"), "{fault}");
    Cloning::of(&sandbox).clone_to("t", &with("me:secret"), None);
    let mode = fs::metadata(sandbox.path("t/.git/config")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "a password is in it");
    fs::write(sandbox.path(".netrc"), "machine 127.0.0.1 login me password secret\n").expect("written");
    Cloning::of(&sandbox).clone_to("t2", &url, None);
    assert!(!fs::read_to_string(sandbox.path("t2/.git/config")).expect("there").contains("secret@"));
}

#[test]
fn a_proxy_of_the_environment_is_used() {
    let sandbox = plugin("sha1");
    let (server, proxy) = (Server::http(&sandbox.path("")), Server::http(&sandbox.path("")));
    let url = server.url("http", "c/.git");
    Cloning::of(&sandbox).with("http_proxy", proxy.url("http", "")).clone_to("t", &url, None);
    let seen = proxy.log.lock().expect("not poisoned").clone();
    assert!(seen.iter().any(|line| line.contains(&format!("127.0.0.1:{}", server.port))), "{seen:?}");
    let count = seen.len();
    let cloning =
        Cloning::of(&sandbox).with("http_proxy", proxy.url("http", "")).with("no_proxy", "127.0.0.1");
    cloning.clone_to("t2", &url, None);
    assert_eq!(proxy.log.lock().expect("not poisoned").len(), count);
}

#[test]
fn whatever_cannot_be_reached_is_told_soon() {
    let sandbox = plugin("sha1");
    let (http, daemon) = (Server::http(&sandbox.path("")), Server::daemon(&sandbox.path("")));
    let refused = ssh(
        &sandbox.path(""),
        "refused",
        "echo 'ssh: connect to host x port 22: Connection refused' >&2; exit 255",
    );
    let cloning = Cloning::of(&sandbox).with("GIT_SSH_COMMAND", refused.display());
    for (url, expected) in [
        (http.url("http", "none.git"), "there is no repository at http://127.0.0.1"),
        (http.url("http", "page/c"), "is not a git repository"),
        ("http://127.0.0.1:1/a".to_owned(), "cannot reach http://127.0.0.1:1/a"),
        ("https://127.0.0.1:1/a".to_owned(), "cannot reach https://127.0.0.1:1/a"),
        ("http://no-such-host.invalid/a".to_owned(), "cannot reach http://no-such-host.invalid/a"),
        ("git://127.0.0.1:1/a".to_owned(), "cannot reach 127.0.0.1 on port 1"),
        (daemon.url("git", "none"), "the server says: "),
        ("me@x:a".to_owned(), "ssh: connect to host x port 22: Connection refused"),
        ("/no/such/folder".to_owned(), "/no/such/folder is not a git repository"),
        (http.url("https", "c/.git"), "cannot reach https://127.0.0.1"),
        ("ftp://127.0.0.1/a".to_owned(), "ftp:// is not supported"),
    ] {
        let start = Instant::now();
        let fault = cloning.fault(&url, None);
        assert!(fault.message.contains(expected), "{url}: {fault}");
        assert!(start.elapsed() < Duration::from_secs(15), "{url}");
    }
}

#[test]
fn too_much_too_long_and_cut_short_leave_nothing() {
    let sandbox = plugin("sha1");
    let folder = sandbox.path("");
    let url = format!("me@x:{}", sandbox.path("c").display());
    let honest = ssh(&folder, "honest", "exec sh -c \"$command\"");
    let cut = ssh(&folder, "cut", "sh -c \"$command\" | { dd bs=1 count=9000 2>/dev/null; kill -PIPE $$; }");
    let silent = ssh(&folder, "silent", "exec sleep 600");
    for (program, limits, expected) in [
        (&cut, CloneLimits::default(), "hung up in the middle"),
        (
            &honest,
            CloneLimits { bytes: 1 << 20, ..CloneLimits::default() },
            "more than the limit of 1048576 bytes",
        ),
        (&honest, CloneLimits { bytes: 1000, ..CloneLimits::default() }, "limit"),
        (&honest, CloneLimits { files: 3, ..CloneLimits::default() }, "3 files"),
        (
            &silent,
            CloneLimits { time: Duration::from_millis(300), ..CloneLimits::default() },
            "it took longer than",
        ),
    ] {
        let mut cloning = Cloning::of(&sandbox).with("GIT_SSH_COMMAND", program.display());
        cloning.limits = limits;
        let fault = cloning.fault(&url, None);
        assert!(fault.message.contains(expected), "{fault}");
    }
    let server = Server::http(&folder);
    let mut cloning = Cloning::of(&sandbox);
    cloning.limits.time = Duration::from_millis(300);
    let fault = cloning.fault(&server.url("http", "mute/c"), None);
    assert!(fault.message.contains("it took longer than") || fault.message.contains("in time"), "{fault}");
}

#[test]
fn trees_that_lead_out_are_refused() {
    let sandbox = plugin("sha1");
    let honest = ssh(&sandbox.path(""), "honest", "exec sh -c \"$command\"");
    let blob = sandbox.pipe("c", &["hash-object", "-w", "--stdin"], b"/etc/passwd");
    let blob = String::from_utf8_lossy(&blob).trim().to_owned();
    let climbing = sandbox.pipe("c", &["hash-object", "-w", "--stdin"], b"../../x");
    let climbing = String::from_utf8_lossy(&climbing).trim().to_owned();
    let inner = sandbox.pipe("c", &["mktree"], format!("100644 blob {blob}\tf\n").as_bytes());
    let inner = String::from_utf8_lossy(&inner).trim().to_owned();
    for (entries, expected) in [
        (vec![("40000", "..", &inner)], "'..' is not allowed"),
        (vec![("40000", ".git", &inner)], "'.git' is not allowed"),
        (vec![("40000", ".GIT", &inner)], "'.GIT' is not allowed"),
        (vec![("100644", "a/b", &blob)], "'a/b' is not allowed"),
        (vec![("120000", "a", &blob), ("40000", "a", &inner)], "a"),
        (vec![("120000", "a", &blob)], "the link a leads out of the repository, to /etc/passwd"),
        (vec![("120000", "a", &climbing)], "the link a leads out of the repository, to ../../x"),
    ] {
        let mut tree = Vec::new();
        for (mode, name, id) in entries {
            tree.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            let digits = (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16));
            tree.extend(digits.map(|byte| byte.expect("hexadecimal")));
        }
        let id = sandbox.pipe("c", &["hash-object", "-t", "tree", "-w", "--stdin", "--literally"], &tree);
        let id = String::from_utf8_lossy(&id).trim().to_owned();
        let commit = sandbox.git("c", &["commit-tree", "-m", "evil", &id]);
        sandbox.git("c", &["update-ref", "refs/heads/evil", &commit]);
        for url in [format!("me@x:{}", sandbox.path("c").display()), sandbox.path("c").display().to_string()]
        {
            let cloning = Cloning::of(&sandbox).with("GIT_SSH_COMMAND", honest.display());
            let fault = cloning.fault(&url, Some("evil"));
            assert!(fault.message.contains(expected), "{expected}: {fault}");
        }
    }
}

/// Not a test but a program that clones: does nothing unless it was started as one.
#[test]
fn run() {
    let Ok(url) = std::env::var("CLONE_URL") else { return };
    let target = std::env::var("CLONE_TARGET").expect("set with it");
    let env = Env::of_process();
    let (limits, progress) = (CloneLimits::default(), &|_: &str| ());
    let _ = clone(&CloneRequest {
        url: &url,
        committish: None,
        target: target.as_ref(),
        env: &env,
        limits,
        progress,
    });
}

#[test]
fn killed_in_the_middle_nothing_is_there_and_the_next_clone_cleans_up() {
    let sandbox = plugin("sha1");
    // A piece of the answer, a sign that it was sent, and then silence.
    let stuck = "sh -c \"$command\" | { dd bs=1 count=9000 2>/dev/null; touch sent; exec sleep 600; }";
    let stuck = ssh(&sandbox.path(""), "stuck", stuck);
    let mut command = sandbox.command(std::env::current_exe().expect("we run").to_str().expect("UTF-8"));
    command.args(["--exact", "git::clones::run"]).stdout(std::process::Stdio::null());
    command.env("CLONE_URL", format!("me@x:{}", sandbox.path("c").display()));
    command.env("CLONE_TARGET", sandbox.path("t")).env("GIT_SSH_COMMAND", stuck);
    let mut child = command.spawn().expect("started");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !sandbox.path("sent").exists() {
        assert!(Instant::now() < deadline, "it never got so far");
        std::thread::yield_now();
    }
    // A clone beside it leaves the living one alone.
    let path = sandbox.path("c").display().to_string();
    Cloning::of(&sandbox).try_clone("beside", &path, None).expect("cloned");
    assert_eq!(staged(&sandbox).len(), 1);
    child.kill().expect("killed");
    child.wait().expect("gone");
    assert!(!sandbox.path("t").exists());
    assert_eq!(staged(&sandbox).len(), 1);
    Cloning::of(&sandbox).clone_to("t", &path, None);
}

#[test]
fn a_checkout_of_the_real_git_is_described_too() {
    let sandbox = plugin("sha1");
    let url = format!("file://{}", sandbox.path("c").display());
    let described = |name: &str| describe(&sandbox.path(name)).expect("readable");
    sandbox.git("c", &["clone", "-q", &url, "../real"]);
    let real = described("real").expect("a checkout");
    assert_eq!((real.url.as_deref(), real.branch.as_deref()), (Some(url.as_str()), Some("main")));
    assert_eq!(real.commit.to_string(), sandbox.rev("c", "main"));
    sandbox.git("real", &["checkout", "-q", "1.0.0"]);
    let real = described("real").expect("a checkout");
    assert_eq!((real.commit.to_string(), real.branch), (sandbox.rev("c", "1.0.0^{commit}"), None));
    sandbox.git("c", &["clone", "-q", "--separate-git-dir=../elsewhere", &url, "../split"]);
    assert_eq!(described("split").expect("a checkout").url, Some(url));
    assert_eq!(described("c").expect("a checkout").url, None, "it came from nowhere");
    fs::create_dir(sandbox.path("empty")).expect("made");
    assert_eq!(described("empty"), None);
    assert_eq!(described("none"), None);
}
