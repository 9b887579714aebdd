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

/// What must be true so soon after a crash, where the machine has a processor to spare.
const AGREED_WITHIN: Duration = Duration::from_secs(5);

/// Waits until what is declared is so, at most 20 seconds, and says how long that took since the crash. Five are allowed;
/// more where all processors are taken, as by the stories beside this one.
#[track_caller]
pub fn until_agreed(since: Instant, what: &str, ask: impl FnMut() -> bool) {
    until_true(20, what, ask);
    let (took, is_busy) = (since.elapsed(), is_overloaded());
    eprintln!(
        "{what}: {took:?} after the crash{}",
        if is_busy { ", on a machine that is overloaded" } else { "" }
    );
    assert!(took < AGREED_WITHIN || is_busy, "{what}: {took:?} after the crash");
}

/// True when processes had to wait for a processor for half of the last ten seconds; by the load where the kernel does not
/// tell that.
fn is_overloaded() -> bool {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let pressure = read("/proc/pressure/cpu");
    let waited =
        pressure.split_whitespace().find_map(|word| word.strip_prefix("avg10=")?.parse::<f64>().ok());
    let load = || read("/proc/loadavg").split_whitespace().next().and_then(|word| word.parse::<f64>().ok());
    let processors = std::thread::available_parallelism().map_or(1.0, |number| number.get() as f64);
    waited.map_or_else(|| load().is_some_and(|load| load > processors), |waited| waited > 50.0)
}
