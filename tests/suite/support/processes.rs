//! The machine's processes, by what /proc says of them.

use std::fs;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::wait::until_true;

/// One process, as it was when it was looked at.
struct Process {
    pid: i32,
    parent: i32,
    command: String,
}

/// The state letter and the parent. Between the command's name, which may hold blanks and brackets, and the rest
/// stands the last bracket (proc_pid_stat(5)).
fn state_and_parent(pid: i32) -> Option<(char, i32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = stat.rsplit_once(')')?.1.split_whitespace();
    Some((words.next()?.chars().next()?, words.next()?.parse().ok()?))
}

fn all() -> Vec<Process> {
    let folders = fs::read_dir("/proc").expect("Linux").flatten();
    folders
        .filter_map(|folder| {
            let pid = folder.file_name().to_str()?.parse().ok()?;
            let (_, parent) = state_and_parent(pid)?;
            let command = fs::read(folder.path().join("cmdline")).ok()?;
            Some(Process { pid, parent, command: String::from_utf8_lossy(&command).into_owned() })
        })
        .collect()
}

/// Kills those that have this in their command line, then their children and children's children. They are dead, if not
/// buried, when this returns.
pub fn kill_families(words: &str) {
    let (mut doomed, mut rest): (Vec<Process>, Vec<Process>) =
        all().into_iter().partition(|process| process.command.contains(words));
    loop {
        let (children, others): (Vec<Process>, Vec<Process>) =
            rest.into_iter().partition(|process| doomed.iter().any(|one| one.pid == process.parent));
        rest = others;
        if children.is_empty() {
            break;
        }
        doomed.extend(children);
    }
    for process in &doomed {
        // Some end with their parents.
        let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
    }
    until_true(30, "the killed are dead", || doomed.iter().all(|process| is_over(process.pid)));
}

/// True for a process that is gone or merely waits to be buried.
pub fn is_over(pid: i32) -> bool {
    state_and_parent(pid).is_none_or(|(state, _)| state == 'Z')
}
