//! Logging in: which key is whose, and how often one may try.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use russh::keys::{Algorithm, HashAlg, PublicKey};

use crate::model::Outcome;
use crate::platform::clock::Clock;
use crate::store::keys::{Admission, Visitor, admit};

/// How long the failures of an address are counted together.
const MINUTE: Duration = Duration::from_secs(60);

/// Who logged in.
#[derive(Clone, Debug)]
pub struct Login {
    /// The key's name.
    pub name: String,
    /// The key's fingerprint.
    pub fingerprint: String,
    /// Whether it may have a terminal.
    pub may_have_terminal: bool,
}

/// The answer to an offered key.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It may enter.
    Welcome(Login),
    /// It may not; why, for the log.
    Refused(String),
}

/// Looks up an offered key.
///
/// # Errors
/// When the file of keys cannot be read.
pub fn judge(
    file: &Path,
    key: &PublicKey,
    algorithm: &Algorithm,
    from: IpAddr,
    clock: &dyn Clock,
) -> Outcome<Verdict> {
    let fingerprint = key.fingerprint(HashAlg::Sha256);
    if matches!(algorithm, Algorithm::Rsa { hash: None }) {
        return Ok(Verdict::Refused(format!("{fingerprint}: signatures with SHA-1 are not accepted")));
    }
    let line = key.to_openssh().unwrap_or_default();
    let Some(blob) = line.split(' ').nth(1).filter(|blob| !blob.is_empty()) else {
        return Ok(Verdict::Refused(format!("{fingerprint}: unreadable key")));
    };
    let visitor = Visitor { address: from, now: clock.now() };
    Ok(match admit(file, blob, &visitor)? {
        Admission::Admitted(key) => Verdict::Welcome(Login {
            name: key.name,
            fingerprint: key.fingerprint,
            may_have_terminal: !key.conditions.no_terminal,
        }),
        Admission::Refused(why) => Verdict::Refused(format!("{fingerprint}: {why}")),
        Admission::Unknown => Verdict::Refused(format!("{fingerprint}: unknown key")),
    })
}

/// Counts failures by address, and says how long the next answer must wait.
#[derive(Debug)]
pub struct Throttle {
    free_failures: u32,
    addresses: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

impl Throttle {
    /// Addresses remembered at most; beyond it old counts are dropped.
    const REMEMBERED: usize = 4096;

    /// A throttle that leaves this many failures a minute without consequence.
    pub fn new(free_failures: u32) -> Arc<Self> {
        Arc::new(Throttle { free_failures, addresses: Mutex::default() })
    }

    /// Counts a failure of this moment. The answer to it must wait for the time returned.
    pub fn failed(&self, address: IpAddr, now: Instant) -> Duration {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if addresses.len() >= Self::REMEMBERED {
            addresses.retain(|_, (since, _)| now.duration_since(*since) < MINUTE);
        }
        if addresses.len() >= Self::REMEMBERED {
            addresses.clear();
        }
        let (since, count) = addresses.entry(address).or_insert_with(|| (now, 0));
        if now.duration_since(*since) >= MINUTE {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        if *count > self.free_failures { Duration::from_secs(1) } else { Duration::ZERO }
    }

    /// Forgets the failures of an address: somebody there has a key.
    pub fn succeeded(&self, address: IpAddr) {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner).remove(&address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_often_waits_until_the_minute_is_over_or_a_login_succeeds() {
        let throttle = Throttle::new(2);
        let address: IpAddr = "192.0.2.7".parse().unwrap();
        let other: IpAddr = "192.0.2.8".parse().unwrap();
        let now = Instant::now();
        assert_eq!(throttle.failed(address, now), Duration::ZERO);
        assert_eq!(throttle.failed(address, now), Duration::ZERO);
        assert_eq!(throttle.failed(address, now), Duration::from_secs(1));
        assert_eq!(throttle.failed(other, now), Duration::ZERO);
        let later = now + MINUTE;
        assert_eq!(throttle.failed(address, later), Duration::ZERO);
        assert_eq!(throttle.failed(address, later), Duration::ZERO);
        throttle.succeeded(address);
        assert_eq!(throttle.failed(address, later), Duration::ZERO);
    }
}
