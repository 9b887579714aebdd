//! Having nginx take its configuration, and knowing when it did.
//!
//! A reload is a signal without an answer. So each generation tells its number on a loopback address; and
//! since workers of the generation before go on accepting for a moment beside the new ones, the wait
//! ends only when each of them is gone or has put `is shutting down` into its title.

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::super::{files, process, tail};
use super::Nginx;
use super::test::words;
use crate::model::{Fault, Outcome};

/// How long a reload may take. One of thousands of apps takes seconds.
const WITHIN: Duration = Duration::from_secs(20);

/// How long nginx takes to begin, when nothing answers yet.
const BEGINS_WITHIN: Duration = Duration::from_secs(1);

/// How long a start may take until it is no longer waited for.
const STARTS_WITHIN: Duration = Duration::from_secs(5);

/// How often is looked.
const PAUSE: Duration = Duration::from_millis(10);

impl Nginx {
    /// Writes which generation comes next.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_generation(&self, generation: u64) -> Outcome {
        let address = self.generation_address;
        let text = format!(
            "server {{\n  listen {address};\n  access_log off;\n  location / {{ return 200 \"{generation}\\n\"; }}\n}}\n"
        );
        files::write_as_root(&self.generation_file, text.as_bytes(), 0o644)
    }

    /// The process of the master; `None` while nginx does not run.
    pub fn master(&self) -> Option<i32> {
        let text = files::read_text(&self.pid_file).ok()??;
        let pid: i32 = text.trim().parse().ok()?;
        process::title(pid).contains("nginx").then_some(pid)
    }

    /// Has nginx take its configuration as this generation, and waits until it alone takes connections.
    /// When nginx is down, whoever keeps it alive starts it with this configuration; that is waited for too.
    ///
    /// # Errors
    /// When nginx does not take it; its words are in the message. It then goes on as before.
    pub async fn reload(&self, generation: u64) -> Outcome {
        self.write_generation(generation)?;
        self.write_streams()?;
        let log = tail::last_lines(&self.error_log, 0)?;
        let mut before = None;
        let begun = Instant::now();
        let deadline = begun + WITHIN;
        loop {
            let answering = self.answering().await;
            if answering == Some(generation) {
                break;
            }
            // A master that has only just begun forgets the signal, and may have read what was there
            // before: it is told once it answers, or once it had time to begin.
            let hears = answering.is_some() || begun.elapsed() >= BEGINS_WITHIN;
            if let Some(pid) = self.master().filter(|_| hears && before.is_none()) {
                before = Some(process::children(pid));
                // Gone in between: it is started anew, which is as good.
                let _ = kill(Pid::from_raw(pid), Signal::SIGHUP);
            }
            if let Some(words) = refusal(&tail::since(&self.error_log, &log)?) {
                return Err(Fault::new(format!("nginx did not take the new configuration: {words}")));
            }
            if Instant::now() >= deadline {
                return Err(Fault::new("nginx did not take the new configuration in time")
                    .hint(format!("see {}", self.error_log.display())));
            }
            tokio::time::sleep(PAUSE).await;
        }
        let before = before.unwrap_or_default();
        while before.iter().any(|worker| takes_connections(*worker)) {
            if Instant::now() >= deadline {
                return Err(Fault::new("nginx does not retire its old workers"));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Waits until nginx answers, for as long as a start may take.
    pub async fn begins(&self) {
        let deadline = Instant::now() + STARTS_WITHIN;
        while self.answering().await.is_none() && Instant::now() < deadline {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// True when this generation is at work.
    pub async fn runs(&self, generation: u64) -> bool {
        self.answering().await == Some(generation)
    }

    /// Has nginx open its log files anew, after they were renamed.
    pub fn reopen_logs(&self) {
        if let Some(pid) = self.master() {
            let _ = kill(Pid::from_raw(pid), Signal::SIGUSR1);
        }
    }

    /// The generation that answers now.
    async fn answering(&self) -> Option<u64> {
        let ask = async {
            let mut stream = TcpStream::connect(self.generation_address).await.ok()?;
            stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.ok()?;
            answer.lines().last()?.trim().parse().ok()
        };
        tokio::time::timeout(Duration::from_secs(1), ask).await.ok().flatten()
    }
}

/// What nginx says in its log when it refuses a reload.
fn refusal(log: &str) -> Option<String> {
    log.contains("[emerg]").then(|| words(log).text)
}

fn takes_connections(worker: i32) -> bool {
    let title = process::title(worker);
    title.contains("worker process") && !title.contains("shutting down")
}
