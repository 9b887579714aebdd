//! What a plugin or a native domain can be chosen for: builder, proxy, scheduler. Chosen is whoever is named by a property;
//! else whoever offers itself first; else the core's own.

use crate::kernel::{Domain, Trigger};
use crate::triggers::{
    BuilderBuild, BuilderDetect, ProxyBuildConfig, ProxyOffer, SchedulerDeploy, SchedulerOffer,
};

/// A role: the trigger that does its work, and the one by which a plugin offers itself.
pub struct Role {
    /// As people call it.
    pub name: &'static str,
    work: &'static str,
    offer: &'static str,
}

/// All roles.
pub const ALL: [Role; 3] = [
    Role { name: "builder", work: BuilderBuild::NAME, offer: BuilderDetect::NAME },
    Role { name: "proxy", work: ProxyBuildConfig::NAME, offer: ProxyOffer::NAME },
    Role { name: "scheduler", work: SchedulerDeploy::NAME, offer: SchedulerOffer::NAME },
];

/// The roles of what listens to these triggers, in words.
pub fn of(listens: impl Fn(&str) -> bool) -> Vec<String> {
    ALL.iter()
        .filter_map(|role| match (listens(role.work), listens(role.offer)) {
            (true, true) => Some(format!("{} (offers itself)", role.name)),
            (true, false) => Some(role.name.to_owned()),
            (false, true) => Some(format!("chooses a {}", role.name)),
            (false, false) => None,
        })
        .collect()
}

/// True for a native domain that another may replace.
pub fn is_replaceable(domain: &Domain) -> bool {
    let listens = |trigger| domain.listeners.iter().any(|listener| listener.trigger == trigger);
    ALL.iter().any(|role| listens(role.work))
}
