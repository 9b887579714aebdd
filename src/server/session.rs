//! How the process of a session becomes user dokku's.
//!
//! `serve` starts its own program anew under the name [`NAME`], as root. Still single-threaded, that
//! process makes itself a session, takes its terminal, becomes user dokku for good, and then goes on
//! as the command. A user cannot start it so: it refuses unless it is root.

use std::path::Path;

use crate::model::{Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::{files, pty, user};

/// The name (`argv[0]`) under which the process of a session is started.
pub const NAME: &str = "dokku-session";

/// Makes this process the session that `arguments` (name first, then `terminal` or `pipes`) describe.
/// Afterwards it is the system user of `env`, in that user's home.
///
/// # Errors
/// When it is not root, or the kernel refuses a step. The process must then end.
pub fn enter(arguments: &[String], env: &Env) -> Outcome {
    if !user::is_root() {
        return Err(Fault::new(format!("{NAME} is started by the server only")));
    }
    let has_terminal = match arguments.get(1).map(String::as_str) {
        Some("terminal") => true,
        Some("pipes") => false,
        Some(_) | None => return Err(Fault::new(format!("{NAME} is started by the server only"))),
    };
    pty::lead_session(has_terminal)?;
    user::become_user(env.get("DOKKU_SYSTEM_USER").unwrap_or("dokku"))?;
    let home = env.get("HOME").unwrap_or("/");
    // A home that is gone must not lock out who could repair it.
    files::enter_folder(Path::new(home)).or_else(|_| files::enter_folder(Path::new("/")))
}
