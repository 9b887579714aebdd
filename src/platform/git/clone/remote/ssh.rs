//! ssh: the `ssh` program, with the keys and known hosts of whoever runs it.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::Transport;
use super::address::SshAddress;
use super::stream::Stream;
use crate::model::{Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::git::clone::ask::{CloneRequest, Deadline};

/// A running `ssh`. Dropped, it is ended.
pub(super) struct Ssh {
    stream: Stream,
    child: Arc<Mutex<Child>>,
    /// Closed when all who could complain are gone.
    complaints: Receiver<String>,
    /// Dropped, the watch over the deadline ends.
    _watch: Sender<()>,
}

/// The most lines of its complaints that are kept.
const COMPLAINTS: usize = 8;

/// How long it may take for its last words.
const PATIENCE: Duration = Duration::from_secs(1);

/// Starts `ssh`.
pub(super) fn connect(address: &SshAddress, request: &CloneRequest<'_>, deadline: Deadline) -> Outcome<Ssh> {
    let mut command = program(request.env);
    if let Some(port) = address.port {
        command.args(["-p", &port.to_string()]);
    }
    command.arg(&address.host).arg(format!("git-upload-pack {}", quoted(&address.path)));
    command.env_clear().envs(request.env.iter()).env("GIT_PROTOCOL", "version=2");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.process_group(0);
    let mut child = command.spawn().map_err(|error| {
        Fault::new(format!("cannot start ssh: {error}"))
            .hint("Install the ssh client, or use an https:// address")
    })?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(input), Some(output), Some(errors)) = pipes else {
        return Err(Fault::new("ssh was started without its pipes"));
    };
    let child = Arc::new(Mutex::new(child));
    let watched = Arc::clone(&child);
    let (watch, over) = channel();
    std::thread::spawn(move || {
        if over.recv_timeout(deadline.left()) == Err(RecvTimeoutError::Timeout) {
            // Their end is the end of what we read, which then says that time is over.
            end(&mut lock(&watched));
        }
    });
    let (complain, complaints) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(errors.take(1 << 20)).lines().map_while(Result::ok) {
            // Nobody may listen any more.
            let _ = complain.send(line.chars().filter(|letter| !letter.is_control()).collect());
        }
    });
    Ok(Ssh { stream: Stream::new(Box::new(output), Box::new(input)), child, complaints, _watch: watch })
}

/// `GIT_SSH_COMMAND` is a line of shell, `GIT_SSH` a program; without them it is `ssh`, which must never ask.
fn program(env: &Env) -> Command {
    if let Some(line) = env.get("GIT_SSH_COMMAND") {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &format!("{line} \"$@\""), line]);
        return command;
    }
    let mut command = Command::new(env.get("GIT_SSH").unwrap_or("ssh"));
    if env.get("GIT_SSH").is_none() {
        command.args(["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "SendEnv=GIT_PROTOCOL"]);
    }
    command
}

/// The path as one word of the other side's shell.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', "'\\''").replace('!', "'\\!'"))
}

/// Ends the program with all that it started, which would keep our pipes open.
fn end(child: &mut Child) {
    // One that was waited for has no number any more, and its group may be another's.
    if let (Ok(None), Some(group)) = (child.try_wait(), Pid::from_raw(child.id().cast_signed())) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for Ssh {
    fn greeting(&mut self) -> Outcome<Box<dyn Read + '_>> {
        self.stream.greeting()
    }

    fn ask(&mut self, request: &[u8]) -> Outcome<Box<dyn Read + '_>> {
        self.stream.ask(request)
    }

    fn explain(&mut self, fault: Fault) -> Fault {
        // What it has to say it says soon after it hung up; one that shares its connection may never close.
        let mut lines: Vec<String> = Vec::new();
        let patience = Instant::now() + PATIENCE;
        while let Ok(line) = self.complaints.recv_timeout(patience.saturating_duration_since(Instant::now()))
        {
            lines.push(line);
        }
        lines.retain(|line| !line.trim().is_empty());
        let lines = &lines[lines.len().saturating_sub(COMPLAINTS)..];
        if lines.is_empty() {
            return fault;
        }
        let said = Fault::new(format!("ssh: {}", lines.join(" "))).caused_by(fault);
        if lines.iter().any(|line| line.contains("Host key verification failed")) {
            return said.hint("Accept the host's key first: dokku git:allow-host HOST");
        }
        said
    }
}

impl Drop for Ssh {
    fn drop(&mut self) {
        let mut child = lock(&self.child);
        end(&mut child);
        // Waited for, so that no dead child stays.
        let _ = child.wait();
    }
}
