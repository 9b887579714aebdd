//! Running a line of a crontab: a process of its own, which becomes the line's user and then its shell.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::warn;

use crate::kernel::{Failure, Out};
use crate::model::{Fault, Outcome};
use crate::platform::clock::Clock;
use crate::platform::env::{Env, command_program};
use crate::platform::process::{self, Input, Output, Program};
use crate::platform::{files, pty, rotate, user};
use crate::store::Layout;

/// The word with which this program becomes a line: `dokku clock-line USER SHELL COMMAND`. It is for root alone.
pub const WORD: &str = "clock-line";

/// How many bytes of what a line writes are kept: its end.
const OUTPUT: usize = 64 * 1024;

/// How large the log may grow until it is set aside.
const LOG: u64 = 5 * 1024 * 1024;

/// A line that is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As whom.
    pub user: String,
    /// What, for a shell.
    pub command: String,
    /// What it reads.
    pub input: String,
    /// The variables that its crontab sets.
    pub env: BTreeMap<String, String>,
}

/// Runs lines.
pub trait Lines: Send + Sync + 'static {
    /// Runs one to its end. What goes wrong is told where it can be read later on: nobody waits for it.
    fn run(&self, line: Line) -> impl Future<Output = ()> + Send;
}

/// Runs lines by a shell.
pub struct Shell {
    /// The program of commands.
    pub program: PathBuf,
    /// What every line is given; its crontab's own variables win.
    pub env: Env,
    /// Every path.
    pub layout: Layout,
    /// For the log.
    pub clock: Arc<dyn Clock>,
}

impl Shell {
    /// By the program of commands.
    pub fn new(env: Env, layout: Layout, clock: Arc<dyn Clock>) -> Self {
        Shell { program: command_program(), env, layout, clock }
    }

    fn env_of(&self, line: &Line) -> Env {
        let mut env = self.env.clone();
        // As cron has it, unless the crontab says otherwise.
        env.set("SHELL", "/bin/sh");
        if line.user == "root" {
            env.set("HOME", "/root");
        }
        for (name, value) in &line.env {
            env.set(name, value);
        }
        for name in ["USER", "LOGNAME", "SSH_USER"] {
            env.set(name, &line.user);
        }
        env
    }

    /// Runs it; its status and the end of what it wrote.
    async fn attend(&self, line: &Line) -> Outcome<(i32, Vec<u8>)> {
        let env = self.env_of(line);
        let shell = env.get("SHELL").unwrap_or("/bin/sh").to_owned();
        let written = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&written);
        let forward = move |_: bool, bytes: &[u8]| {
            let mut kept = keep.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend_from_slice(bytes);
            if kept.len() > 2 * OUTPUT {
                let surplus = kept.len() - OUTPUT;
                kept.drain(..surplus);
            }
        };
        let program = Program {
            path: self.program.clone(),
            arguments: [WORD, &line.user, &shell, &line.command].map(str::to_owned).to_vec(),
            env,
            folder: None,
            input: if line.input.is_empty() {
                Input::Empty
            } else {
                Input::Bytes(line.input.clone().into_bytes())
            },
            output: Output::Forwarded(Arc::new(forward)),
        };
        let status = process::run(program).await?.status;
        let written = std::mem::take(&mut *written.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((status, written))
    }

    fn log(&self, line: &Line, status: i32, written: &[u8]) -> Outcome {
        let now = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ");
        let mut text =
            format!("{now} ({}) {}\n{}", line.user, line.command, String::from_utf8_lossy(written));
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if status != 0 {
            text += &format!("ended with status {status}\n");
        }
        let path = self.layout.cron_log();
        files::append(&path, &text, 0o644)?;
        rotate::when_larger(&path, LOG, &self.layout.data("locks").join("cron-log.lock"))
    }
}

impl Lines for Shell {
    async fn run(&self, line: Line) {
        let (status, written) = match self.attend(&line).await {
            Ok(ended) => ended,
            Err(fault) => return warn!("{} does not run: {fault}", line.command),
        };
        if status != 0 {
            warn!(
                status,
                "`{}` failed: what it wrote stands in {}",
                line.command,
                self.layout.cron_log().display()
            );
        }
        if (status != 0 || !written.is_empty())
            && let Err(fault) = self.log(&line, status, &written)
        {
            warn!("{fault}");
        }
    }
}

/// Becomes the line that the words (user, shell, command) describe. Returns when that cannot be.
pub fn become_line(words: &[String], env: &Env) -> ExitCode {
    let fault = match words {
        [name, shell, command] => match prepare(name, env) {
            Ok(()) => process::become_program(&Program {
                path: PathBuf::from(shell),
                arguments: vec!["-c".to_owned(), command.clone()],
                env: env.clone(),
                folder: None,
                input: Input::Inherited,
                output: Output::Inherited,
            }),
            Err(fault) => fault,
        },
        _ => Fault::new(format!("dokku {WORD} is started by the server only")),
    };
    let failure = Failure::from(fault);
    failure.print(&Out::of_process(false, false));
    ExitCode::from(failure.status())
}

fn prepare(name: &str, env: &Env) -> Outcome {
    if !user::is_root() && user::current_name() != name {
        return Err(Fault::new(format!("dokku {WORD} is started by the server only")));
    }
    // Signals that are meant for the server do not reach it.
    pty::lead_session(false)?;
    if user::is_root() && name != "root" {
        user::become_user(name)?;
    }
    let home = env.get("HOME").unwrap_or("/");
    files::enter_folder(Path::new(home)).or_else(|_| files::enter_folder(Path::new("/")))
}
