//! Who a command process is: over SSH and under `docker exec` it becomes user dokku, unless the
//! command is one that only root may run.
//!
//! For a session `serve` starts its own program anew under the name [`NAME`], as root. Still
//! single-threaded, that process makes itself a session, takes its terminal, becomes user dokku for
//! good, and then goes on as the command. A user cannot start it so: it refuses unless it is root.

use std::path::Path;

use crate::kernel::{Failure, Gate, Result};
use crate::model::{Fault, Outcome, command_line};
use crate::platform::env::Env;
use crate::platform::{files, pty, user};
use crate::store::Layout;

/// The name (`argv[0]`) under which the process of a session is started.
pub const NAME: &str = "dokku-session";

/// True when this process was started as a session.
pub fn is_session(arguments: &[String]) -> bool {
    arguments.first().is_some_and(|name| name == NAME)
}

/// Makes this process the session that `arguments` (name first, then `terminal` or `pipes`) describe.
/// Afterwards it is the system user of `env`, in that user's home.
///
/// # Errors
/// When it is not root, or the kernel refuses a step. The process must then end.
pub fn enter(arguments: &[String], env: &Env) -> Outcome {
    let refused = || Err(Fault::new(format!("{NAME} is started by the server only")));
    let has_terminal = match arguments.get(1).map(String::as_str) {
        Some("terminal") => true,
        Some("pipes") => false,
        Some(_) | None => return refused(),
    };
    if !user::is_root() {
        return refused();
    }
    pty::lead_session(has_terminal)?;
    user::become_user(system_user(env))?;
    let home = env.get("HOME").unwrap_or("/");
    // A home that is gone must not lock out who could repair it.
    files::enter_folder(Path::new(home)).or_else(|_| files::enter_folder(Path::new("/")))
}

/// The words of the command: those given, or those of `SSH_ORIGINAL_COMMAND`, which is then taken
/// away so that no inner command reads it again.
///
/// # Errors
/// When that text cannot be cut into words.
pub fn words(given: &[String], env: &mut Env) -> Outcome<Vec<String>> {
    let Some(text) = env.get("SSH_ORIGINAL_COMMAND").map(str::to_owned) else { return Ok(given.to_vec()) };
    env.remove("SSH_ORIGINAL_COMMAND");
    command_line::split(&text)
}

/// Under `docker exec` root's command becomes user dokku's, as Dokku does through `sudo -E -H`
/// (contract: commands.yaml, users_and_privilege). Where that user does not exist all stays as it is.
///
/// # Errors
/// When the command is for root and somebody else calls it, or the kernel refuses.
pub fn leave_root(gate: Gate, env: &mut Env, layout: &Layout) -> Result {
    let name = system_user(env).to_owned();
    if gate == Gate::RootAsDokku && !user::is_root() {
        return Err(Failure::for_root());
    }
    if !user::is_root() || user::lookup(&name, &name).is_none() {
        return Ok(());
    }
    if matches!(gate, Gate::Root | Gate::Caller) {
        // What root writes is read by sessions, which run as that user.
        files::set_owner(&name, &name);
        return Ok(());
    }
    env.set_default("SSH_USER", user::current_name());
    for key in ["DOKKU_PID", "TMP", "TMPDIR", "TEMP", "TEMPDIR"] {
        env.remove(key);
    }
    env.set("HOME", layout.root.display().to_string());
    env.set("USER", &name);
    env.set("LOGNAME", &name);
    Ok(user::become_user(&name)?)
}

fn system_user(env: &Env) -> &str {
    env.get("DOKKU_SYSTEM_USER").unwrap_or("dokku")
}
