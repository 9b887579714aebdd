//! What PID 1 does with the kernel: signals one at a time, children reaped, programs started. Blocking, without tokio.

use std::ffi::CString;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawn};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::env::Env;
use crate::model::{Context, Outcome};

/// What PID 1 is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// To stop (SIGTERM, SIGINT, SIGQUIT).
    Stop,
    /// That children ended (SIGCHLD).
    ChildrenEnded,
    /// To look at its orders again (SIGUSR1).
    LookAgain,
}

/// The signals that PID 1 takes, one at a time.
#[derive(Debug)]
pub struct Signals(SignalFd);

impl Signals {
    /// Takes them from now on. Programs started by [`start`] hear all signals.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn take() -> Outcome<Self> {
        let what = || "cannot take signals";
        let mut set = SigSet::empty();
        for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGCHLD, Signal::SIGUSR1] {
            set.add(signal);
        }
        set.thread_block().context(what)?;
        let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
        SignalFd::with_flags(&set, flags).map(Signals).context(what)
    }

    /// Waits for the next; `None` when the time is over. Without a time it waits as long as it takes.
    pub fn next(&mut self, timeout: Option<Duration>) -> Option<Told> {
        if let Some(told) = self.read() {
            return Some(told);
        }
        let timeout = timeout.map_or(PollTimeout::NONE, |time| {
            // Rounded up: a wait of 0 ms for a last fraction would spin.
            let millis = time.as_millis().saturating_add(1);
            PollTimeout::try_from(u64::try_from(millis).unwrap_or(u64::MAX)).unwrap_or(PollTimeout::MAX)
        });
        let mut descriptors = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        // Interrupted or over: the caller's loop asks again.
        let _ = poll(&mut descriptors, timeout);
        self.read()
    }

    fn read(&mut self) -> Option<Told> {
        let found = self.0.read_signal().ok().flatten()?;
        let number = i32::try_from(found.ssi_signo).ok()?;
        match Signal::try_from(number).ok()? {
            Signal::SIGCHLD => Some(Told::ChildrenEnded),
            Signal::SIGUSR1 => Some(Told::LookAgain),
            _ => Some(Told::Stop),
        }
    }
}

/// A program that is to be kept alive.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file to run.
    pub path: PathBuf,
    /// Its words, the name it is to see itself under first.
    pub words: Vec<String>,
    /// Its whole environment.
    pub env: Env,
}

/// Starts a program; its output is ours, its input empty. The number is its process.
///
/// Not std's `Command`: that hands our signal mask on, and a program that blocks SIGTERM never hears it.
///
/// # Errors
/// When it cannot be started.
pub fn start(program: &Program) -> Outcome<i32> {
    let what = || format!("cannot run {}", program.path.display());
    let words = program.words.iter().map(|word| CString::new(word.as_str()));
    let words: Vec<CString> = words.collect::<Result<_, _>>().context(what)?;
    let pairs = program.env.iter().map(|(key, value)| CString::new(format!("{key}={value}")));
    let pairs: Vec<CString> = pairs.collect::<Result<_, _>>().context(what)?;
    let mut files = PosixSpawnFileActions::init().context(what)?;
    files.add_open(0, "/dev/null", OFlag::O_RDONLY, Mode::empty()).context(what)?;
    let mut attributes = PosixSpawnAttr::init().context(what)?;
    attributes.set_sigmask(&SigSet::empty()).context(what)?;
    // Rust ignores a broken pipe, whoever starts us in a script's background interrupts: neither is meant for the program.
    attributes.set_sigdefault(&SigSet::all()).context(what)?;
    let flags = PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK | PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF;
    attributes.set_flags(flags).context(what)?;
    let pid = posix_spawn(program.path.as_path(), &files, &attributes, &words, &pairs).context(what)?;
    Ok(pid.as_raw())
}

/// All children that have ended since the last call, also those we never started: process and how it ended.
pub fn reap() -> Vec<(i32, String)> {
    let mut ended = Vec::new();
    loop {
        match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, status)) => ended.push((pid.as_raw(), format!("status {status}"))),
            Ok(WaitStatus::Signaled(pid, signal, _)) => ended.push((pid.as_raw(), signal.to_string())),
            Ok(WaitStatus::StillAlive) | Err(Errno::ECHILD) => return ended,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return ended,
        }
    }
}

/// Asks a process to end: at once, as far as it can.
pub fn ask_to_stop(pid: i32) {
    let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
}

/// Asks a process to end when it has done what it is doing: what nginx takes SIGQUIT for.
pub fn ask_to_finish(pid: i32) {
    let _ = kill(Pid::from_raw(pid), Signal::SIGQUIT);
}

/// Asks those of our children to finish whose title holds this. Workers of a master that was killed come to us,
/// serve on, and hold the ports that its successor needs.
pub fn ask_orphans_to_finish(title: &str) {
    let Ok(own) = i32::try_from(std::process::id()) else { return };
    for pid in super::process::children(own) {
        if super::process::title(pid).contains(title) {
            ask_to_finish(pid);
        }
    }
}

/// Tells PID 1 to look at its orders again.
pub fn tell_to_look(pid: i32) {
    let _ = kill(Pid::from_raw(pid), Signal::SIGUSR1);
}

/// Asks all processes that this one may signal to end, itself excepted. Only PID 1 of a container may do this.
pub fn ask_all_to_stop() {
    if std::process::id() == 1 {
        let _ = kill(Pid::from_raw(-1), Signal::SIGTERM);
    }
}

/// Orphans of our descendants come to us, as they come to PID 1 anyway.
///
/// # Errors
/// When the kernel refuses.
pub fn adopt_orphans() -> Outcome {
    nix::sys::prctl::set_child_subreaper(true).context(|| "cannot adopt orphans")
}

/// True while this process has children.
pub fn has_children() -> bool {
    !matches!(
        nix::sys::wait::waitid(
            nix::sys::wait::Id::All,
            WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT
        ),
        Err(Errno::ECHILD)
    )
}
