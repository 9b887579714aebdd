//! What time it is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::{Fault, Outcome};

/// A clock. Tests hand in one that stands still.
pub trait Clock: Send + Sync {
    /// The time now, UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The time zone of that name, from this machine's own list of them.
///
/// # Errors
/// When there is none.
pub fn zone(name: &str) -> Outcome<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        Fault::new(format!("provided bad location {name}: unknown time zone {name}"))
            .hint("Time zones are named as Europe/Berlin or UTC are")
    })
}

/// The time zone of this machine: that of the variable TZ, else of `/etc/localtime`, else UTC.
pub fn system_zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_zone_is_known_by_its_name() {
        assert!(super::zone("UTC").is_ok());
        assert!(super::zone("Europe/Nowhere").expect_err("none").message.contains("Europe/Nowhere"));
    }
}
