//! Names of containers and images (contract: output.md sections 8 and 10).

use crate::model::{AppName, Dyno};

/// `APP.PROC.N`: a container of the current release.
pub fn current(app: &AppName, dyno: &Dyno) -> String {
    format!("{app}.{dyno}")
}

/// `APP.PROC.N.upcoming-R`: one that is still being checked.
pub fn upcoming(app: &AppName, dyno: &Dyno, random: u64) -> String {
    format!("{app}.{dyno}.upcoming-{random}")
}

/// `APP.PROC.N.EPOCH`: one that was replaced and is about to retire.
pub fn replaced(current: &str, epoch: i64) -> String {
    format!("{current}.{epoch}")
}

/// The volume in which buildpacks keep things from one build of an app to the next (contract: layout.md section 8).
pub fn cache_volume(app: &AppName) -> String {
    format!("cache-{app}")
}

/// The first characters of an id, as people read it.
pub fn short(id: &str, length: usize) -> &str {
    id.get(..length).unwrap_or(id)
}
