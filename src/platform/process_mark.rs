//! A process by more than its number, which the kernel gives to somebody else once it is free.

use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, getpgid};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{PidfdFlags, pidfd_open};

use crate::model::{Context, Outcome};

/// A process that can be told from any later one of the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessMark {
    /// Its number.
    pub pid: u32,
    /// When it started, in clock ticks since the machine did.
    pub start_time: u64,
    /// Which start of the machine that was.
    pub boot_id: String,
}

impl ProcessMark {
    /// This process.
    pub fn own() -> Self {
        Self::of(std::process::id()).expect("this process runs, so /proc knows it")
    }

    /// The process that has this number now, if there is one.
    pub fn of(pid: u32) -> Option<Self> {
        Some(ProcessMark { pid, start_time: start_time(pid)?, boot_id: boot_id() })
    }

    /// What [`ToString`] made of one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (pid, start_time) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(ProcessMark { pid, start_time, boot_id: words.next()?.to_owned() })
    }

    /// True when this very process still lives.
    pub fn is_alive(&self) -> bool {
        start_time(self.pid) == Some(self.start_time) && boot_id() == self.boot_id
    }

    /// Asks the process, and no other of its group, to quit (SIGQUIT). One that is gone already is fine.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn ask_to_quit(&self) -> Outcome {
        let Ok(raw) = i32::try_from(self.pid) else { return Ok(()) };
        if !self.is_alive() {
            return Ok(());
        }
        match kill(Pid::from_raw(raw), Signal::SIGQUIT) {
            Ok(()) | Err(nix::errno::Errno::ESRCH) => Ok(()),
            Err(error) => Err(error).context(|| format!("cannot ask process {} to quit", self.pid)),
        }
    }

    /// Asks the process and all of its group to quit (SIGQUIT), and ends them (SIGKILL) when it is still there
    /// after that time. One that is gone already is fine: nobody else is signalled.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn end_group(&self, patience: Duration) -> Outcome {
        self.signal_group(Signal::SIGQUIT)?;
        if self.waits_until_gone(patience) { Ok(()) } else { self.signal_group(Signal::SIGKILL) }
    }

    /// Waits until the process is gone, at most that long. Tells whether it is.
    fn waits_until_gone(&self, patience: Duration) -> bool {
        let pid = i32::try_from(self.pid).ok().and_then(rustix::process::Pid::from_raw);
        let Some(handle) = pid.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok()) else {
            return !self.is_alive();
        };
        // Between the look-up and the handle the number may have changed hands.
        if !self.is_alive() {
            return true;
        }
        let limit = rustix::event::Timespec::try_from(patience).ok();
        let mut ends = [PollFd::new(&handle, PollFlags::IN)];
        matches!(poll(&mut ends, limit.as_ref()), Ok(1))
    }

    fn signal_group(&self, signal: Signal) -> Outcome {
        let Ok(raw) = i32::try_from(self.pid) else { return Ok(()) };
        if !self.is_alive() {
            return Ok(());
        }
        let Ok(group) = getpgid(Some(Pid::from_raw(raw))) else { return Ok(()) };
        match killpg(group, signal) {
            Ok(()) | Err(nix::errno::Errno::ESRCH) => Ok(()),
            Err(error) => Err(error).context(|| format!("cannot stop process {}", self.pid)),
        }
    }
}

impl std::fmt::Display for ProcessMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.pid, self.start_time, self.boot_id)
    }
}

/// Field 22 of `/proc/PID/stat`. The second field is the program's name and may hold anything, so counting
/// begins behind its closing bracket. A dead process that nobody reaped yet counts as gone.
fn start_time(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat[stat.rfind(')')? + 1..].split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

fn boot_id() -> String {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_a_later_one_of_the_same_number() {
        let own = ProcessMark::own();
        assert!(own.is_alive());
        assert!(!ProcessMark { start_time: own.start_time + 1, ..own.clone() }.is_alive());
        assert!(!ProcessMark { boot_id: "another".to_owned(), ..own }.is_alive());
        assert_eq!(ProcessMark::of(u32::MAX), None);
        let own = ProcessMark::own();
        assert_eq!(ProcessMark::parse(&own.to_string()), Some(own));
        assert_eq!(ProcessMark::parse("7 x"), None);
    }

    #[test]
    fn a_process_is_ended_with_its_group_and_no_other_is() {
        use std::os::unix::process::CommandExt;
        let mut child = std::process::Command::new("/bin/sh")
            .args(["-c", "trap '' QUIT; echo ready; read forever"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("a shell runs");
        let mut ready = [0; 6];
        let mut stdout = child.stdout.take().expect("a pipe");
        std::io::Read::read_exact(&mut stdout, &mut ready).expect("it says so");
        let mark = ProcessMark::of(child.id()).expect("it lives");
        ProcessMark { start_time: 1, ..mark.clone() }.end_group(Duration::ZERO).expect("nothing to do");
        assert!(mark.is_alive());
        mark.end_group(Duration::from_millis(20)).expect("allowed");
        child.wait().expect("it ends");
        assert!(!mark.is_alive());
    }

    #[test]
    fn a_process_that_ended_is_gone_even_before_it_is_reaped() {
        let mut child = std::process::Command::new("/bin/cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("cat runs");
        let mark = ProcessMark::of(child.id()).expect("it lives");
        assert!(mark.is_alive());
        drop(child.stdin.take());
        child.wait().expect("it ends");
        assert!(!mark.is_alive());
    }
}
