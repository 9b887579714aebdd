//! Signals by name and number.

use nix::sys::signal::Signal;
use tokio::signal::unix::{self, SignalKind};

use crate::model::{Context, Outcome};

/// What a terminal sends when its user is gone.
pub const HANG_UP: i32 = Signal::SIGHUP as i32;

/// What asks a command to end.
pub const TERMINATE: i32 = Signal::SIGTERM as i32;

/// The number of a signal named without `SIG`; `None` for names that Linux does not have.
pub fn number(name: &str) -> Option<i32> {
    format!("SIG{name}").parse::<Signal>().ok().map(|signal| signal as i32)
}

/// The name of a signal without `SIG`; `None` for numbers that Linux does not have.
pub fn name(number: i32) -> Option<&'static str> {
    let name = Signal::try_from(number).ok()?.as_str();
    Some(name.trim_start_matches("SIG"))
}

/// The signals that ask this process to end; whoever holds this decides what they mean.
#[derive(Debug)]
pub struct Asked([unix::Signal; 4]);

impl Asked {
    /// From now on they no longer end the process.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn listen() -> Outcome<Self> {
        let what = || "cannot listen to signals";
        let on = |kind: SignalKind| unix::signal(kind).context(what);
        Ok(Asked([
            on(SignalKind::interrupt())?,
            on(SignalKind::terminate())?,
            on(SignalKind::hangup())?,
            on(SignalKind::quit())?,
        ]))
    }

    /// The name of the next one, without `SIG`.
    pub async fn next(&mut self) -> &'static str {
        let [interrupt, terminate, hang_up, quit] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => "INT",
            _ = terminate.recv() => "TERM",
            _ = hang_up.recv() => "HUP",
            _ = quit.recv() => "QUIT",
        }
    }
}
