//! A program attached to a client: its three streams in our hands, or a terminal between.

use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use super::env::Env;
use super::pty::{self, Size};
use super::stream::{Stream, pipe};
use crate::model::{Context, Outcome};

/// A program to attach: nothing of ours leaks in but what stands here.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The file to run.
    pub program: PathBuf,
    /// Its words, the name it is to see itself under first.
    pub arguments: Vec<String>,
    /// Its whole environment.
    pub env: Env,
    /// The terminal it is to have; pipes without one.
    pub terminal: Option<TerminalWish>,
}

/// The terminal that a client asks for.
#[derive(Clone, Debug, Default)]
pub struct TerminalWish {
    /// Its size.
    pub size: Size,
    /// Settings as pairs of opcode and value (RFC 4254, section 8).
    pub modes: Vec<(u8, u32)>,
    /// Uid and gid that get the terminal's file.
    pub owner: Option<(u32, u32)>,
}

/// A running program.
#[derive(Debug)]
pub struct Attached {
    /// Where its input is written.
    pub stdin: Arc<Stream>,
    /// Where its output is read; with a terminal the same as `stdin`.
    pub stdout: Arc<Stream>,
    /// Where its error output is read; with a terminal there is none apart.
    pub stderr: Option<Arc<Stream>>,
    /// The program itself.
    pub process: Process,
}

/// A running program, apart from its streams.
#[derive(Debug)]
pub struct Process {
    child: tokio::process::Child,
    group: Group,
}

/// The processes of an attached program, which leads a session of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group(i32);

/// How an attached program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With this status.
    Exit(u32),
    /// By this signal.
    Signal {
        /// The signal's number.
        number: i32,
        /// Whether it left a core file.
        core_dumped: bool,
    },
}

/// Starts the program.
///
/// # Errors
/// When it cannot be started, or no pipe or terminal can be had.
pub fn start(launch: &Launch) -> Outcome<Attached> {
    match &launch.terminal {
        Some(wish) => start_in_terminal(launch, wish),
        None => start_on_pipes(launch),
    }
}

impl Process {
    /// Waits for its end.
    ///
    /// # Errors
    /// When somebody else took the end away.
    pub async fn wait(&mut self) -> Outcome<Ending> {
        let status = self.child.wait().await.context(|| "cannot wait for a command")?;
        Ok(ending(status))
    }

    /// Its processes.
    pub fn group(&self) -> Group {
        self.group
    }
}

impl Group {
    /// Sends a signal to all of them; that they are gone already is fine. Numbers that Linux does not
    /// have are passed over. Only right while the program has not been waited for.
    pub fn signal(self, number: i32) {
        let Ok(signal) = Signal::try_from(number) else { return };
        // Until the child has begun its session there is no such group, only the process.
        if killpg(Pid::from_raw(self.0), signal).is_err() {
            let _ = kill(Pid::from_raw(self.0), signal);
        }
    }

    /// The process that leads them.
    pub fn leader(self) -> i32 {
        self.0
    }
}

fn start_on_pipes(launch: &Launch) -> Outcome<Attached> {
    let (stdin, stdin_writer) = pipe()?;
    let (stdout_reader, stdout) = pipe()?;
    let (stderr_reader, stderr) = pipe()?;
    let child = spawn(launch, [stdin, stdout, stderr])?;
    Attached::new(
        child,
        Arc::new(Stream::new(stdin_writer)?),
        Arc::new(Stream::new(stdout_reader)?),
        Some(Arc::new(Stream::new(stderr_reader)?)),
    )
}

fn start_in_terminal(launch: &Launch, wish: &TerminalWish) -> Outcome<Attached> {
    let what = || "cannot hand over a terminal";
    let terminal = pty::open(wish.size, &wish.modes, wish.owner)?;
    let mut launch = launch.clone();
    launch.env.set("SSH_TTY", terminal.name);
    let slaves = [
        terminal.slave.try_clone().context(what)?,
        terminal.slave.try_clone().context(what)?,
        terminal.slave,
    ];
    let child = spawn(&launch, slaves)?;
    let master = Arc::new(Stream::new(terminal.master)?);
    Attached::new(child, Arc::clone(&master), master, None)
}

impl Attached {
    fn new(
        child: tokio::process::Child,
        stdin: Arc<Stream>,
        stdout: Arc<Stream>,
        stderr: Option<Arc<Stream>>,
    ) -> Outcome<Self> {
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).unwrap_or(i32::MAX);
        Ok(Attached { stdin, stdout, stderr, process: Process { child, group: Group(pid) } })
    }
}

/// No folder, user or hook is set here, so that std can use `posix_spawn`: a fork would copy the
/// page tables of the whole server. The child does these things itself.
fn spawn(launch: &Launch, [stdin, stdout, stderr]: [OwnedFd; 3]) -> Outcome<tokio::process::Child> {
    let mut command = std::process::Command::new(&launch.program);
    let mut words = launch.arguments.iter();
    if let Some(name) = words.next() {
        command.arg0(name);
    }
    command.args(words).env_clear().envs(launch.env.iter());
    command.stdin(Stdio::from(stdin)).stdout(Stdio::from(stdout)).stderr(Stdio::from(stderr));
    tokio::process::Command::from(command)
        .spawn()
        .context(|| format!("cannot run {}", launch.program.display()))
}

fn ending(status: ExitStatus) -> Ending {
    match status.signal() {
        Some(number) => Ending::Signal { number, core_dumped: status.core_dumped() },
        None => Ending::Exit(status.code().and_then(|code| u32::try_from(code).ok()).unwrap_or(255)),
    }
}
