//! A program that is kept: in a process group of its own, so that it ends with all that it started, and known by its
//! mark, so that a server that was killed does not leave it to the next beside a second one.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

use super::env::Env;
use super::files;
use super::process_mark::ProcessMark;
use crate::model::{Context, Outcome};

/// A running program.
#[derive(Debug)]
pub struct KeptProgram {
    child: Child,
    group: i32,
}

impl KeptProgram {
    /// Starts it; its output is ours, its input empty. What still runs of an earlier one whose mark stands in that file
    /// is ended first.
    ///
    /// # Errors
    /// When it cannot be started, or the mark cannot be written.
    pub fn start(path: &Path, words: &[String], env: &Env, mark: &Path) -> Outcome<Self> {
        let what = || format!("cannot run {}", path.display());
        let earlier = files::read_text(mark)?.and_then(|text| ProcessMark::parse(&text));
        if let Some(earlier) = earlier {
            earlier.end_group(Duration::ZERO)?;
        }
        let mut command = Command::new(path);
        command.args(words).env_clear().envs(env.iter()).stdin(Stdio::null()).process_group(0);
        let child = command.spawn().context(what)?;
        let pid = child.id().unwrap_or_default();
        if let Some(own) = ProcessMark::of(pid) {
            files::write_as_root(mark, own.to_string().as_bytes(), 0o644)?;
        }
        Ok(KeptProgram { child, group: i32::try_from(pid).unwrap_or_default() })
    }

    /// Waits for its end; how it ended, in words.
    pub async fn wait(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => {
                // What it leaves behind would go on under nobody's eyes.
                self.signal(Signal::SIGKILL);
                status.to_string()
            }
            Err(error) => error.to_string(),
        }
    }

    /// Asks it and all it started to end, and ends them after that time.
    pub async fn stop(mut self, patience: Duration) {
        self.signal(Signal::SIGTERM);
        let _ = tokio::time::timeout(patience, self.child.wait()).await;
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait().await;
    }

    fn signal(&self, signal: Signal) {
        if self.group > 0 {
            // Gone already is fine.
            let _ = killpg(Pid::from_raw(self.group), signal);
        }
    }
}
