//! Stopping and starting nginx on command. `dokku init` keeps it alive; while a file says so, it does not.

use serde_json::Value;

use crate::model::{Context, Outcome};
use crate::platform::{files, supervise};
use crate::store::Layout;

/// Where nginx writes its number.
const NGINX_PID: &str = "/run/nginx.pid";

/// nginx finishes its requests and stays away.
///
/// # Errors
/// When the file that says so cannot be written.
pub fn stop(layout: &Layout) -> Outcome<Value> {
    files::write_as_root(&layout.nginx_stopped(), b"", 0o644)?;
    if let Some(pid) = pid_in(std::path::Path::new(NGINX_PID))? {
        supervise::ask_to_finish(pid);
    }
    Ok(Value::Null)
}

/// nginx comes back.
///
/// # Errors
/// When the file that kept it away cannot be removed.
pub fn start(layout: &Layout) -> Outcome<Value> {
    files::remove(&layout.nginx_stopped())?;
    tell_init(layout)?;
    Ok(Value::Null)
}

/// The volume is laid out: nginx finds its routes, and may start.
///
/// # Errors
/// When the file that says so cannot be written.
pub fn may_start(layout: &Layout) -> Outcome {
    files::write_as_root(&layout.laid_out(), b"", 0o644)?;
    tell_init(layout)
}

fn tell_init(layout: &Layout) -> Outcome {
    if let Some(pid) = pid_in(&layout.init_pid())? {
        supervise::tell_to_look(pid);
    }
    Ok(())
}

fn pid_in(path: &std::path::Path) -> Outcome<Option<i32>> {
    let Some(text) = files::read_text(path)? else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.trim().parse().map(Some).context(|| format!("{} holds no number", path.display()))
}
