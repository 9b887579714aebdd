//! Other programs: plugins' executables, and nothing that an engine API or a library offers.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::env::Env;
use crate::model::{Context, Outcome};

/// What the child reads.
#[derive(Clone, Debug)]
pub enum Input {
    /// What this process would read.
    Inherited,
    /// Nothing.
    Empty,
    /// These bytes.
    Bytes(Vec<u8>),
}

/// Where the child's standard output goes. Its standard error is always ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// To ours.
    Inherited,
    /// Into memory.
    Captured,
}

/// A program to run, in full: nothing of ours leaks in but what stands here.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file to run.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its whole environment.
    pub env: Env,
    /// The folder it runs in; ours without one.
    pub folder: Option<PathBuf>,
    /// What it reads.
    pub input: Input,
    /// Where its output goes.
    pub output: Output,
}

/// How a program ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit status; 128 plus the number where a signal ended it.
    pub status: i32,
    /// What it wrote, if that was captured.
    pub stdout: Vec<u8>,
}

/// Runs the program to its end.
///
/// # Errors
/// When it cannot be started. A status other than 0 is not an error here.
pub async fn run(program: Program) -> Outcome<Ended> {
    let what = || format!("cannot run {}", program.path.display());
    let mut command = Command::new(&program.path);
    command.args(&program.arguments).env_clear().envs(program.env.iter());
    if let Some(folder) = &program.folder {
        command.current_dir(folder);
    }
    command.stdin(match program.input {
        Input::Inherited => Stdio::inherit(),
        Input::Empty => Stdio::null(),
        Input::Bytes(_) => Stdio::piped(),
    });
    command.stdout(match program.output {
        Output::Inherited => Stdio::inherit(),
        Output::Captured => Stdio::piped(),
    });
    let mut child = command.spawn().context(what)?;
    let stdin = child.stdin.take();
    let feed = async {
        if let (Some(mut stdin), Input::Bytes(bytes)) = (stdin, &program.input) {
            // A program may well end without reading what it was given.
            let _ = stdin.write_all(bytes).await;
        }
    };
    let mut stdout = Vec::new();
    let pipe = child.stdout.take();
    let drain = async {
        match pipe {
            Some(mut pipe) => pipe.read_to_end(&mut stdout).await.map(drop),
            None => Ok(()),
        }
    };
    let ((), drained) = tokio::join!(feed, drain);
    drained.context(what)?;
    let status = child.wait().await.context(what)?;
    Ok(Ended { status: exit_code(status), stdout })
}

/// The exit status as a shell counts it: 128 plus the signal's number where one ended the program.
pub fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// True when a process of this number lives (and we may know it).
pub fn is_alive(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

/// The number of this process.
pub fn own_pid() -> u32 {
    std::process::id()
}
