//! Waiting for something to become true, never longer than a deadline.

use std::time::{Duration, Instant};

/// Asks again and again until there is an answer. Fails the test, naming what it waited for.
#[track_caller]
pub fn until<T>(seconds: u64, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// As `until`, for a plain yes.
#[track_caller]
pub fn until_true(seconds: u64, what: &str, mut ask: impl FnMut() -> bool) {
    until(seconds, what, || ask().then_some(()));
}
