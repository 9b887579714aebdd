//! Users and groups: who we are, and becoming user dokku.

use std::ffi::CString;

use nix::unistd::{Gid, Group, Uid, User};

use crate::model::{Context, Fault, Outcome};

/// True when this process may do everything.
pub fn is_root() -> bool {
    Uid::effective().is_root()
}

/// The name of the user this process runs as, or its number.
pub fn current_name() -> String {
    let uid = Uid::effective();
    User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}

/// Uid and gid of a system user and group, if both exist.
pub fn lookup(user: &str, group: &str) -> Option<(u32, u32)> {
    let uid = User::from_name(user).ok().flatten()?.uid;
    let gid = Group::from_name(group).ok().flatten()?.gid;
    Some((uid.as_raw(), gid.as_raw()))
}

/// Becomes the user for good: all its groups, gid, uid. For a single-threaded process that is root.
///
/// # Errors
/// When the user does not exist or the kernel refuses.
pub fn become_user(name: &str) -> Outcome {
    let user = User::from_name(name)
        .context(|| format!("cannot look up user {name}"))?
        .ok_or_else(|| Fault::new(format!("user {name} does not exist")))?;
    let c_name = CString::new(name).context(|| "a user name holds a NUL byte")?;
    nix::unistd::initgroups(&c_name, user.gid).context(|| format!("cannot take the groups of {name}"))?;
    nix::unistd::setgid(user.gid).context(|| format!("cannot take the group of {name}"))?;
    nix::unistd::setuid(user.uid).context(|| format!("cannot become {name}"))
}

/// The groups of this process, by name where they have one.
pub fn groups() -> Vec<String> {
    nix::unistd::getgroups()
        .unwrap_or_default()
        .into_iter()
        .map(|gid: Gid| {
            Group::from_gid(gid).ok().flatten().map_or_else(|| gid.to_string(), |group| group.name)
        })
        .collect()
}

/// The name of this machine.
pub fn host_name() -> String {
    nix::unistd::gethostname()
        .map_or_else(|_| "localhost".to_owned(), |name| name.to_string_lossy().into_owned())
}
