//! A server in a temporary folder: real dispatch, real files, a fixed clock and counted randomness.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dokku::kernel::{Buffers, Registry, Stream, dispatch};
use dokku::platform::clock::Clock;
use dokku::platform::env::Env;
use dokku::platform::random::Random;
use dokku::platform::steps::Unwatched;
use dokku::platform::{self, Platform};
use dokku::store::Layout;
use dokku::{domains, external};
use jiff::Timestamp;

use super::FakeDocker;

/// A server that lives as long as the value.
pub struct World {
    folder: tempfile::TempDir,
    /// Where its files are.
    pub layout: Layout,
    /// Its engine, to plan answers and to look at calls.
    #[allow(dead_code, reason = "the tests of domains that use it come with them")]
    pub docker: FakeDocker,
    platform: Platform,
    env: Env,
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

impl World {
    /// An empty server.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        std::fs::create_dir_all(&layout.root).expect("a root folder");
        let docker = FakeDocker::new();
        let platform = Platform {
            docker: Arc::new(docker.clone()),
            clock: Arc::new(FixedClock),
            random: Arc::new(Counted::default()),
            steps: Arc::new(Unwatched),
        };
        let env = [("PATH", "/usr/bin:/bin"), ("SSH_USER", "tester")].into_iter().collect();
        World { folder, layout, docker, platform, env }
    }

    /// Runs a command line, split at spaces, and returns what a user sees.
    pub fn run(&self, line: &str) -> String {
        self.run_words(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs a command line given as words: standard output, standard error (lines marked `2>`), and the exit
    /// status unless it is 0. The temporary folder is shown as `$WORLD`.
    pub fn run_words(&self, words: &[&str]) -> String {
        let buffers = Arc::new(Buffers::default());
        let invocation = dispatch::Invocation {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            env: self.env.clone(),
            layout: self.layout.clone(),
            platform: self.platform.clone(),
            registry: Registry { domains: domains::ALL, plugins: external::plugins },
            sink: Some(buffers.clone()),
        };
        let status = platform::runtime().expect("a runtime").block_on(dispatch::run(invocation));
        let mut seen = buffers.text(Stream::Stdout);
        for line in buffers.text(Stream::Stderr).lines() {
            let _ = writeln!(seen, "2>{line}");
        }
        if status != 0 {
            let _ = writeln!(seen, "exit {status}");
        }
        seen.replace(&self.folder.path().display().to_string(), "$WORLD")
    }
}
