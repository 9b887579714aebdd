//! Reaching the engine: its socket belongs to whatever group the host has.

use std::path::Path;

use crate::model::Outcome;
use crate::platform::{accounts, volume};

/// Makes the group of the engine's socket one of the user's groups, so that sessions, `docker exec -u`
/// and sudo all reach the engine. No socket there, nothing to do: health tells.
///
/// # Errors
/// When the list of groups cannot be written.
pub fn join_engine_group(etc: &Path, socket: &Path, user: &str) -> Outcome {
    match volume::owner(socket) {
        Some((_, gid)) => accounts::add_to_group(etc, gid, "docker", user),
        None => Ok(()),
    }
}
