//! A server in a temporary folder: real dispatch, real files, a fixed clock and counted randomness.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use dokku::kernel::{Buffers, Bus, Caller, Ctx, Flags, Out, Registry, Stream, dispatch, exports};
use dokku::model::Outcome;
use dokku::platform::clock::Clock;
use dokku::platform::env::Env;
use dokku::platform::random::Random;
use dokku::platform::stdin::Stdin;
use dokku::platform::steps::{Steps, Unwatched};
use dokku::platform::{self, Platform};
use dokku::store::{Layout, Store};
use dokku::{domains, external};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use jiff::Timestamp;

use super::{FakeDocker, FakeProxy};

/// A server that lives as long as the value.
pub struct World {
    folder: tempfile::TempDir,
    /// Where its files are.
    pub layout: Layout,
    /// Its engine, to plan answers and to look at calls.
    #[allow(dead_code, reason = "the tests of domains that use it come with them")]
    pub docker: FakeDocker,
    /// Its proxy, to look at what it was asked for.
    pub proxy: FakeProxy,
    platform: Platform,
    env: Env,
}

/// What a command left its caller with. The temporary folder is shown as `$WORLD`.
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    pub status: u8,
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        "2026-01-02T03:04:05Z".parse().expect("a time")
    }
}

#[derive(Default)]
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = u8::try_from(self.0.fetch_add(1, Ordering::Relaxed) % 251).expect("below 251");
        }
    }
}

/// Bytes that were typed beforehand.
#[derive(Default)]
struct Typed(Mutex<Vec<u8>>);

impl Stdin for Typed {
    fn read_all(&self) -> Outcome<Vec<u8>> {
        Ok(std::mem::take(&mut *self.0.lock().expect("no test panics while reading")))
    }

    fn read_line(&self) -> Outcome<Option<String>> {
        let mut bytes = self.0.lock().expect("no test panics while reading");
        if bytes.is_empty() {
            return Ok(None);
        }
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        let line: Vec<u8> = bytes.drain(..end).collect();
        Ok(Some(String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned()))
    }

    fn read_line_alone(&self) -> Outcome<Option<String>> {
        self.read_line()
    }

    fn pieces(&self) -> BoxStream<'static, Bytes> {
        let all = self.read_all().unwrap_or_default();
        stream::iter([Bytes::from(all)]).boxed()
    }

    fn is_terminal(&self) -> bool {
        false
    }
}

impl World {
    /// A server as its first boot leaves it: no app, the global domain `localhost`.
    pub fn new() -> Self {
        Self::on(FakeDocker::new())
    }

    /// The same on an engine that others may use too.
    pub fn on(docker: FakeDocker) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        std::fs::create_dir_all(&layout.root).expect("a root folder");
        // As the first boot leaves it.
        std::fs::write(layout.root.join("VHOST"), "localhost\n").expect("a global domain");
        let proxy = FakeProxy::default();
        let platform = Platform {
            docker: Arc::new(docker.clone()),
            clock: Arc::new(FixedClock),
            random: Arc::new(Counted::default()),
            steps: Arc::new(Unwatched),
            proxy: Arc::new(proxy.clone()),
            stdin: Arc::new(Typed::default()),
        };
        let env = [("PATH", "/usr/bin:/bin"), ("SSH_USER", "tester")].into_iter().collect();
        World { folder, layout, docker, proxy, platform, env }
    }

    /// What a command would be given, for tests below the command line. What it prints is swallowed.
    pub fn ctx(&self, steps: Arc<dyn Steps>) -> Ctx {
        let mut env = self.env.clone();
        let caller = Caller::from_env(&env);
        let flags = Flags::default();
        exports::export(&mut env, &self.layout, &caller, &flags, "test");
        Ctx {
            caller: Arc::new(caller),
            out: Out::to(Arc::new(Buffers::default()), false, false),
            flags: Arc::new(flags),
            store: Store::new(self.layout.clone()),
            platform: Platform { steps, ..self.platform.clone() },
            bus: Bus::new(Registry { domains: domains::ALL, plugins: external::plugins }),
            env: Arc::new(env),
            has_input: false,
            folder: None,
            source: None,
            visible_apps: None,
        }
    }

    /// Runs a command line, split at spaces, and returns what a user sees.
    pub fn run(&self, line: &str) -> String {
        self.run_words(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// The same with these bytes on standard input.
    pub fn run_with_input(&self, line: &str, input: impl AsRef<[u8]>) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        self.run_words_with_input(&words, input.as_ref())
    }

    /// Adds an enabled plugin with one executable, by its path in the plugin's folder: the lines of the shell script are given.
    pub fn add_plugin(&self, name: &str, trigger: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.layout.plugins_enabled().join(name).join(trigger);
        std::fs::create_dir_all(path.parent().expect("in a folder")).expect("a plugin folder");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    /// Lets programs of plugins call `plugn`, which is then a process of its own on this server's files.
    pub fn with_plugn() -> Self {
        let mut world = Self::new();
        let folder = world.folder.path().join("bin");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dokku"), folder.join("plugn")).expect("a link");
        world.env.set("PATH", format!("{}:/usr/bin:/bin", folder.display()));
        world
    }

    /// Adds a plugin of `tests/fixtures/plugins`, enabled, as an installation leaves it.
    pub fn add_fixture(&self, name: &str) {
        let folder = self.layout.plugins_available().join(name);
        std::fs::create_dir_all(&folder).expect("a plugin folder");
        super::repository::copy(&super::sources::root().join("tests/fixtures/plugins").join(name), &folder);
        std::fs::create_dir_all(self.layout.plugins_enabled()).expect("a folder");
        let link = self.layout.plugins_enabled().join(name);
        std::os::unix::fs::symlink(format!("../available/{name}"), link).expect("a link");
    }

    /// Runs a command line given as words: standard output, standard error (lines marked `2>`), and the exit
    /// status unless it is 0. The temporary folder is shown as `$WORLD`.
    pub fn run_words(&self, words: &[&str]) -> String {
        self.run_words_with_input(words, b"")
    }

    fn run_words_with_input(&self, words: &[&str], input: &[u8]) -> String {
        let said = self.say(words, input);
        let mut seen = said.stdout;
        for line in said.stderr.lines() {
            let _ = writeln!(seen, "2>{line}");
        }
        if said.status != 0 {
            let _ = writeln!(seen, "exit {}", said.status);
        }
        seen
    }

    /// Runs a command line given as words, with these bytes on standard input.
    pub fn say(&self, words: &[&str], input: &[u8]) -> Said {
        let stdin = Arc::new(Typed(Mutex::new(input.to_vec())));
        let buffers = Arc::new(Buffers::default());
        let invocation = dispatch::Invocation {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            env: self.env.clone(),
            layout: self.layout.clone(),
            platform: Platform { stdin, ..self.platform.clone() },
            registry: Registry { domains: domains::ALL, plugins: external::plugins },
            sink: Some(buffers.clone()),
        };
        let status = platform::runtime().expect("a runtime").block_on(dispatch::run(invocation));
        let folder = self.path();
        let text = |stream| buffers.text(stream).replace(&folder, "$WORLD");
        Said { stdout: text(Stream::Stdout), stderr: text(Stream::Stderr), status }
    }

    /// The same as a process of its own, for what speaks on its streams. It has no engine.
    pub fn say_as_process(&self, words: &[&str], input: &[u8]) -> Said {
        use std::io::Write;
        let layout = &self.layout;
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dokku"))
            .args(words)
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("SSH_USER", "tester"), ("DOKKU_SYSTEM_USER", "no-such-user")])
            .envs([("DOKKU_ROOT", &layout.root), ("DOKKU_LIB_PATH", &layout.lib)])
            .envs([("DOKKU_LOGS_DIR", &layout.logs), ("DOKKU_RUN_DIR", &layout.run)])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("our program starts");
        // One that does not read is fine.
        let _ = child.stdin.take().expect("piped").write_all(input);
        let ended = child.wait_with_output().expect("it ends");
        let folder = self.path();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&folder, "$WORLD");
        let status = ended.status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX);
        Said { stdout: text(&ended.stdout), stderr: text(&ended.stderr), status }
    }

    /// The temporary folder in which all of its files are.
    pub fn path(&self) -> String {
        self.folder.path().display().to_string()
    }
}
