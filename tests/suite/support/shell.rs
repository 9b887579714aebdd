//! Programs as a user would run them: with a deadline, and with everything they said kept.

use std::io::Write;
use std::process::{Command, Stdio};

/// How a program ended, and what it said.
pub struct Ran {
    /// What was run, for messages.
    pub line: String,
    /// Exit status; 124 where the deadline ended it, 128 plus the number where a signal did.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Both streams, as a person at a terminal would read them.
    pub fn text(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Fails the test unless the program succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status == 0, "{self}");
        self
    }

    /// Fails the test if the program succeeded, or did not end by itself.
    #[track_caller]
    pub fn fails(self) -> Self {
        assert!(self.status != 0 && self.status != 124, "{self}");
        self
    }

    /// Fails the test unless some output contains this.
    #[track_caller]
    pub fn says(self, expected: &str) -> Self {
        assert!(self.text().contains(expected), "nowhere: {expected}\n{self}");
        self
    }

    /// Fails the test if some output contains this.
    #[track_caller]
    pub fn never_says(self, unwanted: &str) -> Self {
        assert!(!self.text().contains(unwanted), "there: {unwanted}\n{self}");
        self
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "$ {}\nstatus {}\n--- stdout\n{}\n--- stderr\n{}\n---",
            self.line, self.status, self.out, self.err
        )
    }
}

/// Runs a program for at most so many seconds. `timeout` of coreutils ends it and what it started.
pub fn run(seconds: u32, program: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Ran {
    let mut command = timed(seconds, program, environment);
    let mut child =
        command.stdin(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{program:?}: {error}"));
    let mut stdin = child.stdin.take().expect("it was piped");
    let input = input.to_vec();
    // A program that does not read all of it is no failure of ours.
    let writer = std::thread::spawn(move || stdin.write_all(&input).is_ok());
    let output = child.wait_with_output().unwrap_or_else(|error| panic!("{program:?}: {error}"));
    let _ = writer.join();
    Ran {
        line: program.join(" "),
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The same program, not yet started, its output piped.
pub fn timed(seconds: u32, program: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", &seconds.to_string()]).args(program);
    command.envs(environment.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
