//! Signals by name and number.

use nix::sys::signal::Signal;

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
