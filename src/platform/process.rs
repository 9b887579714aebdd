//! Other programs: plugins' executables, and nothing that an engine API or a library offers.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::env::Env;
use crate::model::{Context, Fault, Outcome};

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

/// Takes what a child prints, piece by piece: true for its standard error, and the bytes.
pub type Forward = Arc<dyn Fn(bool, &[u8]) + Send + Sync>;

/// Where the child's output goes.
#[derive(Clone)]
pub enum Output {
    /// Both streams to ours.
    Inherited,
    /// Standard output into memory, standard error to ours.
    Captured,
    /// Both streams to a function, as they come.
    Forwarded(Forward),
}

/// A program to run, in full: nothing of ours leaks in but what stands here.
#[derive(Clone)]
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

/// Becomes the program: this process goes on as it, under the same number. Input and output are ours, whatever stands
/// in `program` of them.
///
/// # Errors
/// When it cannot be run; otherwise this does not return.
pub fn become_program(program: &Program) -> Fault {
    use std::os::unix::process::CommandExt;
    let mut command = std::process::Command::new(&program.path);
    command.args(&program.arguments).env_clear().envs(program.env.iter());
    if let Some(folder) = &program.folder {
        command.current_dir(folder);
    }
    let error = command.exec();
    Fault::new(format!("cannot run {}: {error}", program.path.display()))
}

/// As [`become_program`], with the environment that is ours and the whole of `words`: the first is what it is called.
///
/// # Errors
/// When it cannot be run; otherwise this does not return.
pub fn become_other(path: &Path, words: &[String]) -> Fault {
    use std::os::unix::process::CommandExt;
    let mut command = std::process::Command::new(path);
    if let [name, arguments @ ..] = words {
        command.arg0(name).args(arguments);
    }
    let error = command.exec();
    Fault::new(format!("cannot run {}: {error}", path.display()))
}

/// What a program may take. Without a word it may take all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// How long it may run.
    pub time: Option<Duration>,
    /// How many bytes of captured output are held in memory.
    pub captured: Option<usize>,
}

/// How a program with limits ended.
#[derive(Clone, Debug)]
pub enum Ending {
    /// By itself.
    Ended(Ended),
    /// Its time was over: it was ended, with all that it had started.
    TooSlow,
    /// It wrote more than is held: it was ended, with all that it had started.
    TooMuch,
}

/// Runs the program to its end.
///
/// # Errors
/// When it cannot be started. A status other than 0 is not an error here.
pub async fn run(program: Program) -> Outcome<Ended> {
    let path = program.path.clone();
    match run_within(program, Limits::default()).await? {
        Ending::Ended(ended) => Ok(ended),
        Ending::TooSlow | Ending::TooMuch => Err(Fault::new(format!("{} was ended", path.display()))),
    }
}

/// Runs the program to its end, or until it has taken too much.
///
/// # Errors
/// When it cannot be started. A status other than 0 is not an error here.
pub async fn run_within(program: Program, limits: Limits) -> Outcome<Ending> {
    let what = || format!("cannot run {}", program.path.display());
    let mut child = spawn(&program).context(what)?;
    let pid = child.id();
    let mut unattended = Unattended(pid);
    let attending = attend(&mut child, &program, limits.captured);
    let attended = match limits.time {
        Some(time) => tokio::time::timeout(time, attending).await.unwrap_or(Err(Cut::TooSlow)),
        None => attending.await,
    };
    unattended.0 = None;
    match attended {
        Ok(ended) => Ok(Ending::Ended(ended)),
        Err(Cut::Broken(error)) => Err(error).context(what),
        Err(cut) => {
            end_with_all(&mut child, pid).await;
            Ok(if matches!(cut, Cut::TooSlow) { Ending::TooSlow } else { Ending::TooMuch })
        }
    }
}

fn spawn(program: &Program) -> std::io::Result<Child> {
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
    let (stdout, stderr) = match &program.output {
        Output::Inherited => (Stdio::inherit(), Stdio::inherit()),
        Output::Captured => (Stdio::piped(), Stdio::inherit()),
        Output::Forwarded(_) => (Stdio::piped(), Stdio::piped()),
    };
    command.stdout(stdout).stderr(stderr);
    command.spawn()
}

/// Asks a program, with all it started, to end when nobody waits for it any more: what started it was given up.
struct Unattended(Option<u32>);

impl Drop for Unattended {
    fn drop(&mut self) {
        let Some(pid) = self.0.and_then(|pid| i32::try_from(pid).ok()) else { return };
        for pid in descendants(pid) {
            signal(pid, Signal::SIGTERM);
        }
    }
}

/// Why a program is not attended any longer.
enum Cut {
    TooSlow,
    TooMuch,
    Broken(std::io::Error),
}

impl From<std::io::Error> for Cut {
    fn from(error: std::io::Error) -> Self {
        Cut::Broken(error)
    }
}

async fn attend(child: &mut Child, program: &Program, most: Option<usize>) -> Result<Ended, Cut> {
    let stdin = child.stdin.take();
    let feed = async {
        if let (Some(mut stdin), Input::Bytes(bytes)) = (stdin, &program.input) {
            // A program may well end without reading what it was given.
            let _ = stdin.write_all(bytes).await;
        }
        Ok(())
    };
    let mut stdout = Vec::new();
    let forward = match &program.output {
        Output::Forwarded(forward) => Some(Arc::clone(forward)),
        Output::Inherited | Output::Captured => None,
    };
    let drain = drain(child.stdout.take(), |bytes| {
        match &forward {
            Some(forward) => forward(false, bytes),
            None => stdout.extend_from_slice(bytes),
        }
        match most.is_some_and(|most| stdout.len() > most) {
            true => Err(Cut::TooMuch),
            false => Ok(()),
        }
    });
    let drain_errors = self::drain(child.stderr.take(), |bytes| {
        if let Some(forward) = &forward {
            forward(true, bytes);
        }
        Ok(())
    });
    tokio::try_join!(feed, drain, drain_errors)?;
    let status = child.wait().await?;
    Ok(Ended { status: exit_code(status), stdout })
}

async fn drain(
    pipe: Option<impl AsyncRead + Unpin>,
    mut take: impl FnMut(&[u8]) -> Result<(), Cut>,
) -> Result<(), Cut> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = pipe.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        take(&buffer[..length])?;
    }
}

/// How long a program may take to end that was asked to.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks a program, and whatever it started, to end; what does not is killed. A process group would be surer, but a
/// program in one of its own loses the terminal.
async fn end_with_all(child: &mut Child, pid: Option<u32>) {
    let Some(pid) = pid.and_then(|pid| i32::try_from(pid).ok()) else { return };
    let family = descendants(pid);
    for pid in &family {
        signal(*pid, Signal::SIGTERM);
    }
    let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
    // Those whose parent went first have another one now; those that began since are the child's still.
    let rest = if ended.is_ok() { family } else { [family, descendants(pid)].concat() };
    for pid in rest.into_iter().filter(|other| ended.is_err() || *other != pid) {
        signal(pid, Signal::SIGKILL);
    }
    if ended.is_err() {
        // Reaped, whatever it was.
        let _ = child.wait().await;
    }
}

/// The process and all below it.
fn descendants(pid: i32) -> Vec<i32> {
    let mut all = vec![pid];
    let mut next = 0;
    while let Some(parent) = all.get(next).copied() {
        all.extend(children(parent));
        next += 1;
    }
    all
}

fn signal(pid: i32, signal: Signal) {
    // Gone already, or another user's: the latter end with the program that they are for.
    let _ = kill(Pid::from_raw(pid), signal);
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

/// How many processors this process may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The words a process shows of itself, run together; empty when it is gone.
pub fn title(pid: i32) -> String {
    let path = format!("/proc/{pid}/cmdline");
    let bytes = super::files::read(Path::new(&path)).ok().flatten().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The processes whose parent is this one.
pub fn children(parent: i32) -> Vec<i32> {
    let names = super::files::names(Path::new("/proc")).unwrap_or_default();
    names.iter().filter_map(|name| name.parse().ok()).filter(|pid| parent_of(*pid) == Some(parent)).collect()
}

fn parent_of(pid: i32) -> Option<i32> {
    let text = super::files::read_text(Path::new(&format!("/proc/{pid}/stat"))).ok()??;
    // Behind the name, which may hold anything and ends with the last bracket.
    let (_, rest) = text.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// The number of this process.
pub fn own_pid() -> u32 {
    std::process::id()
}

/// The environment after bash read the file: for files that are more than assignments.
///
/// # Errors
/// When bash cannot be run or fails on the file.
pub fn source(path: &Path, env: &Env) -> Outcome<Env> {
    let what = || format!("cannot read {} with bash", path.display());
    let output = std::process::Command::new("/bin/bash")
        .args(["-c", "set -a; . \"$1\" >&2 </dev/null; env -0", "bash"])
        .arg(path)
        .env_clear()
        .envs(env.iter())
        .stderr(Stdio::inherit())
        .output()
        .context(what)?;
    if !output.status.success() {
        return Err(Fault::new(what()).hint("run `bash -n` on it"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split('\0').filter_map(|pair| pair.split_once('=')).collect())
}
