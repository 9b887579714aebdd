//! The terminal at the other end, if somebody sits there.

use std::io::IsTerminal;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::docker::Size;
use crate::model::{Context, Outcome};

/// True when standard input is a terminal.
pub fn stdin_is_terminal() -> bool {
    std::io::stdin().is_terminal()
}

/// Where the server's log goes: what `docker logs` shows.
pub fn log_output() -> std::io::Stderr {
    std::io::stderr()
}

/// Standard input as a raw terminal: each key goes on as it is typed. Dropping it makes the terminal what it was.
pub struct Raw(Termios);

impl Raw {
    /// Makes it raw.
    ///
    /// # Errors
    /// When it is no terminal.
    pub fn enter() -> Outcome<Self> {
        let what = || "cannot take over the terminal";
        let before = tcgetattr(rustix::stdio::stdin()).context(what)?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw).context(what)?;
        Ok(Raw(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone needs no care.
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0);
    }
}

/// The size of the terminal; `None` without one.
pub fn size() -> Option<Size> {
    let size = tcgetwinsize(rustix::stdio::stdin()).ok()?;
    (size.ws_col > 0 && size.ws_row > 0).then_some(Size { width: size.ws_col, height: size.ws_row })
}

/// Tells each change of the terminal's size.
#[derive(Debug)]
pub struct Resizes(Signal);

impl Resizes {
    /// From now on.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn listen() -> Outcome<Self> {
        Ok(Resizes(signal(SignalKind::window_change()).context(|| "cannot listen to signals")?))
    }

    /// The next size.
    pub async fn next(&mut self) -> Option<Size> {
        self.0.recv().await;
        size()
    }
}
