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
use super::test::{Words, words};
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
    /// nginx's words when it refuses the configuration: it then goes on as before.
    ///
    /// # Errors
    /// When nothing comes of it in time.
    pub async fn reload(&self, generation: u64) -> Outcome<Option<Words>> {
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
                return Ok(Some(words));
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
        Ok(None)
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

/// What nginx says in its log when it refuses a reload. To listen where another does it tries for seconds, and may yet come
/// to it.
fn refusal(log: &str) -> Option<Words> {
    let tries_again = log.contains("bind() to ") && log.contains("(98: ");
    let is_over = !tries_again || log.contains("still could not bind()");
    (log.contains("[emerg]") && is_over).then(|| words(log))
}

fn takes_connections(worker: i32) -> bool {
    let title = process::title(worker);
    title.contains("worker process") && !title.contains("shutting down")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nginx_refuses_when_it_tries_no_more() {
        let line = |level: &str, words: &str| format!("2026/01/02 03:04:05 [{level}] 7#7: {words}\n");
        assert_eq!(refusal(&line("notice", "signal process started")), None);
        let unknown = line("emerg", "unknown directive \"x\" in /a/shop.conf:3");
        assert_eq!(refusal(&unknown).expect("over").text, "unknown directive \"x\" in /a/shop.conf:3");
        let taken = "bind() to 0.0.0.0:81 failed (98: Address already in use)";
        let tries = line("emerg", taken) + &line("notice", "try again to bind() after 500ms");
        assert_eq!(refusal(&tries), None);
        assert_eq!(refusal(&(tries + &line("emerg", "still could not bind()"))).expect("over").text, taken);
    }
}
