//! Users and groups: who we are, and becoming user dokku.
//!
//! Names are looked up in the system's own two lists and nowhere else: a container has no other, the system's library
//! would load code for each that a machine may have, and what starts for every command must start soon.

use std::path::Path;

use nix::unistd::{Gid, Uid};

use super::accounts;
use crate::model::{Context, Fault, Outcome};

/// Where the two lists stand.
const ETC: &str = "/etc";

/// True when this process may do everything.
pub fn is_root() -> bool {
    Uid::effective().is_root()
}

/// The name of the user this process runs as, or its number.
pub fn current_name() -> String {
    let uid = Uid::effective().as_raw();
    accounts::user_of_id(etc(), uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}

/// Uid and gid of a system user and group, if both exist.
pub fn lookup(user: &str, group: &str) -> Option<(u32, u32)> {
    let uid = accounts::user(etc(), user).ok().flatten()?.uid;
    let gid = accounts::group(etc(), group).ok().flatten()?;
    Some((uid, gid))
}

/// Becomes the user for good: all its groups, gid, uid. For a single-threaded process that is root.
///
/// # Errors
/// When the user does not exist or the kernel refuses.
pub fn become_user(name: &str) -> Outcome {
    let user =
        accounts::user(etc(), name)?.ok_or_else(|| Fault::new(format!("user {name} does not exist")))?;
    let groups: Vec<Gid> = accounts::groups_of(etc(), &user)?.into_iter().map(Gid::from_raw).collect();
    nix::unistd::setgroups(&groups).context(|| format!("cannot take the groups of {name}"))?;
    nix::unistd::setgid(Gid::from_raw(user.gid)).context(|| format!("cannot take the group of {name}"))?;
    nix::unistd::setuid(Uid::from_raw(user.uid)).context(|| format!("cannot become {name}"))
}

/// The groups of this process, by name where they have one.
pub fn groups() -> Vec<String> {
    let named = |gid: Gid| {
        let name = accounts::group_of_id(etc(), gid.as_raw()).ok().flatten();
        name.unwrap_or_else(|| gid.to_string())
    };
    nix::unistd::getgroups().unwrap_or_default().into_iter().map(named).collect()
}

/// The name of this machine.
pub fn host_name() -> String {
    nix::unistd::gethostname()
        .map_or_else(|_| "localhost".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn etc() -> &'static Path {
    Path::new(ETC)
}
