//! One channel: what the client wishes for, then one command.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use russh::ChannelId;
use russh::server::Handle;
use tokio::sync::watch;
use tracing::info;

use super::input::Input;
use super::sessions::Sessions;
use super::signals;
use crate::model::Outcome;
use crate::platform::attached::{self, Attached, Ending, Group, Launch, TerminalWish};
use crate::platform::env::Env;
use crate::platform::pty::{self, Size};
use crate::platform::signals::{HANG_UP, TERMINATE};
use crate::platform::stream::Stream;

/// How long output may pause after a command's end before what its children still hold open is given up.
const LINGER: Duration = Duration::from_millis(500);

/// The number of the stream for errors (RFC 4254, section 5.2).
const STDERR: u32 = 1;

/// What a client asks for before it names a command.
#[derive(Debug, Default)]
pub struct Wishes {
    /// The terminal, with the value for `TERM`.
    pub terminal: Option<(TerminalWish, String)>,
    /// Variables from the client that are let through.
    pub env: Vec<(String, String)>,
}

impl Wishes {
    /// Variables a channel may set at most.
    const MOST: usize = 64;

    /// Takes a variable of the client, if it is one that is let through.
    pub fn set_env(&mut self, name: &str, value: &str) -> bool {
        let allowed =
            matches!(name, "LANG" | "GIT_PROTOCOL" | "COLORTERM" | "NO_COLOR") || name.starts_with("LC_");
        let sane = name.len() <= 64 && value.len() <= 4096 && !value.contains('\0');
        if !allowed || !sane || self.env.len() >= Self::MOST {
            return false;
        }
        self.env.push((name.to_owned(), value.to_owned()));
        true
    }
}

/// A channel on which a command runs.
#[derive(Debug)]
pub struct Running {
    input: Arc<Input>,
    /// `None` once the command has ended: its number may then be somebody else's.
    group: Arc<Mutex<Option<Group>>>,
    terminal: Option<Arc<Stream>>,
    lives_for_client: bool,
}

/// The facts of a session that do not come from its channel.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The base of the environment, and the program.
    pub launch: Launch,
    /// Variables that tell who calls, from where.
    pub identity: Vec<(String, String)>,
    /// The connection, to answer on.
    pub handle: Handle,
    /// Who, for the log.
    pub label: String,
    /// All sessions, of which this becomes one.
    pub sessions: Sessions,
}

/// Starts the command of a channel.
///
/// # Errors
/// When the process cannot be started.
pub fn start(caller: &Caller, id: ChannelId, wishes: Wishes, command: Option<String>) -> Outcome<Running> {
    let launch = plan(caller, wishes, command.as_deref());
    let has_terminal = launch.terminal.is_some();
    let attached = attached::start(&launch)?;
    let input = Input::new(Arc::clone(&attached.stdin));
    let group = Arc::new(Mutex::new(Some(attached.process.group())));
    let terminal = has_terminal.then(|| Arc::clone(&attached.stdin));
    info!(
        who = caller.label,
        command = command.as_deref().unwrap_or_default(),
        pid = attached.process.group().leader(),
        terminal = has_terminal,
        "session begins"
    );
    let running = Running {
        input: Arc::clone(&input),
        group: Arc::clone(&group),
        terminal,
        lives_for_client: has_terminal || command.as_deref().is_some_and(lives_for_client),
    };
    tokio::spawn(serve(caller.clone(), id, attached, input, group));
    Ok(running)
}

impl Running {
    /// Bytes from the client.
    ///
    /// # Errors
    /// When the client does not keep to its window.
    pub async fn receive(&self, bytes: &[u8]) -> std::io::Result<()> {
        self.input.offer(bytes)?;
        self.input.breathe(bytes.len()).await;
        Ok(())
    }

    /// The client sends no more.
    pub fn end_input(&self) {
        self.input.end();
    }

    /// The window to grant to this channel next.
    pub fn next_window(&self) -> u32 {
        self.input.next_window()
    }

    /// True once the command has ended.
    pub fn has_ended(&self) -> bool {
        self.group.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Sends a signal to the command.
    pub fn signal(&self, number: i32) {
        signal_group(&self.group, number);
    }

    /// The client's window has another size.
    pub fn resize(&self, size: Size) {
        if let Some(terminal) = &self.terminal {
            // A terminal that is gone needs no size.
            let _ = pty::resize(terminal.descriptor(), size);
        }
    }

    /// The client is gone. What shows it something hears of that as from a terminal; what changes
    /// something, a deploy above all, goes on to its end.
    pub fn hang_up(&self) {
        self.input.end();
        if self.lives_for_client {
            self.signal(HANG_UP);
        }
    }
}

fn signal_group(group: &Mutex<Option<Group>>, number: i32) {
    if let Some(group) = *group.lock().unwrap_or_else(PoisonError::into_inner) {
        group.signal(number);
    }
}

/// True for commands that show or carry something to their client, perhaps for ever, and do nothing else.
fn lives_for_client(command: &str) -> bool {
    let verb = command.split_whitespace().next().unwrap_or_default();
    matches!(verb, "logs" | "events" | "enter" | "run" | "shell" | "git-upload-pack" | "git-upload-archive")
        || verb.ends_with("-logs")
        || verb.ends_with(":logs")
}

fn plan(caller: &Caller, wishes: Wishes, command: Option<&str>) -> Launch {
    let mut launch = caller.launch.clone();
    let mut env: Env = launch.env.clone();
    for (name, value) in caller.identity.iter().chain(&wishes.env) {
        env.set(name, value);
    }
    if let Some(command) = command {
        env.set("SSH_ORIGINAL_COMMAND", command);
    }
    launch.arguments.push(if wishes.terminal.is_some() { "terminal" } else { "pipes" }.to_owned());
    launch.terminal = wishes.terminal.map(|(wish, term)| {
        env.set("TERM", term);
        wish
    });
    launch.env = env;
    launch
}

/// Carries a command's output to the client, and in the end its status.
async fn serve(
    caller: Caller,
    id: ChannelId,
    attached: Attached,
    input: Arc<Input>,
    group: Arc<Mutex<Option<Group>>>,
) {
    let _session = caller.sessions.enter();
    let (ended, end) = watch::channel(false);
    let told_to_end = async {
        caller.sessions.ending().await;
        signal_group(&group, TERMINATE);
        std::future::pending().await
    };
    // Nothing else may hold the streams: a client that is gone must break the command's pipes.
    let Attached { stdin, stdout, stderr, mut process } = attached;
    drop(stdin);
    let wait = async {
        let ending = process.wait().await;
        *group.lock().unwrap_or_else(PoisonError::into_inner) = None;
        ended.send_replace(true);
        ending
    };
    let errors = async {
        if let Some(stderr) = stderr {
            carry(&caller.handle, id, Some(STDERR), stderr, end.clone()).await;
        }
    };
    let output = carry(&caller.handle, id, None, stdout, end.clone());
    let all_output = async { tokio::join!(output, errors, wait) };
    let ending = tokio::select! {
        ((), (), ending) = all_output => ending,
        // Input that ends early is no reason to stop.
        ending = async { input.feed().await; std::future::pending().await } => ending,
        ending = told_to_end => ending,
    };
    report(&caller, id, ending).await;
}

async fn carry(
    handle: &Handle,
    id: ChannelId,
    kind: Option<u32>,
    stream: Arc<Stream>,
    mut end: watch::Receiver<bool>,
) {
    let mut scratch = Vec::new();
    loop {
        let ended = *end.borrow_and_update();
        let read = if ended {
            match stream.read_now(&mut scratch) {
                Ok(None) => match tokio::time::timeout(LINGER, stream.read(&mut scratch)).await {
                    Ok(read) => read,
                    Err(_silence) => return,
                },
                Ok(Some(bytes)) => Ok(bytes),
                Err(error) => Err(error),
            }
        } else {
            tokio::select! {
                read = stream.read(&mut scratch) => read,
                _ = end.changed() => continue,
            }
        };
        let Ok(bytes) = read else { return };
        if bytes.is_empty() || send(handle, id, kind, bytes).await.is_err() {
            return;
        }
    }
}

async fn send(handle: &Handle, id: ChannelId, kind: Option<u32>, bytes: Bytes) -> Result<(), Bytes> {
    match kind {
        None => handle.data(id, bytes).await,
        Some(kind) => handle.extended_data(id, kind, bytes).await,
    }
}

async fn report(caller: &Caller, id: ChannelId, ending: Outcome<Ending>) {
    // A client that is gone hears nothing of this.
    let handle = &caller.handle;
    let _ = handle.eof(id).await;
    match ending {
        Ok(Ending::Exit(status)) => {
            info!(who = caller.label, status, "session ends");
            let _ = handle.exit_status_request(id, status).await;
        }
        Ok(Ending::Signal { number, core_dumped }) => {
            info!(who = caller.label, signal = number, "session ends");
            let name = signals::name(number);
            let _ = handle.exit_signal_request(id, name, core_dumped, String::new(), String::new()).await;
        }
        Err(fault) => {
            tracing::error!(who = caller.label, "{fault}");
            let _ = handle.exit_status_request(id, 255).await;
        }
    }
    let _ = handle.close(id).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_something_goes_on_without_its_client() {
        for command in
            ["logs app -t", "  run app bash", "nginx:access-logs app", "run:logs x", "git-upload-pack 'app'"]
        {
            assert!(lives_for_client(command), "{command}");
        }
        for command in
            ["git-receive-pack 'app'", "ps:rebuild app", "config:set app A=1", "run:detached app x", ""]
        {
            assert!(!lives_for_client(command), "{command}");
        }
    }
}
