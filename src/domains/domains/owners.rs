//! Whose a domain is: two apps cannot answer to the same name on the same port.

use std::collections::BTreeSet;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Scope, is_same_request, port_map};
use crate::platform::lock::Lock;
use crate::store::{apps, vhosts};
use crate::triggers;

/// A domain that another app answers to.
#[derive(Debug)]
pub struct Taken {
    /// The domain, as it was wanted.
    pub domain: String,
    /// The domain of the other app.
    pub theirs: String,
    /// The other app.
    pub owner: AppName,
}

/// Held from the question whose a domain is until it is written down: of two who want it only one gets it.
///
/// # Errors
/// When the lock file cannot be made.
pub fn settling(ctx: &Ctx) -> Result<Lock> {
    Ok(vhosts::locked(ctx.layout(), &Scope::Global)?)
}

/// Refuses domains that are another app's.
///
/// # Errors
/// Naming domain and owner.
pub async fn require_free(ctx: &Ctx, app: &AppName, domains: &[String]) -> Result {
    let Some(taken) = taken(ctx, app, domains).await?.into_iter().next() else { return Ok(()) };
    let (domain, theirs, owner) = (taken.domain, taken.theirs, taken.owner);
    Err(Failure::user(format!("{domain} is a domain of app {owner} already"))
        .hint(format!("To move it here: dokku domains:remove {owner} {theirs}")))
}

/// Tells that an app does without a domain that it would have had by its name.
pub fn say_left_out(ctx: &Ctx, app: &AppName, taken: &Taken) {
    ctx.out.warn(format!("{} is a domain of app {} already: {app} does without", taken.domain, taken.owner));
}

/// Those of these domains that another app answers to on a port of this one.
///
/// # Errors
/// When what apps answer to cannot be read.
pub async fn taken(ctx: &Ctx, app: &AppName, domains: &[String]) -> Result<Vec<Taken>> {
    let mut found = Vec::new();
    let mut own_ports = None;
    for owner in apps::all(ctx.layout())?.into_iter().filter(|other| other != app) {
        let theirs = vhosts::read(ctx.layout(), &Scope::from(&owner))?;
        let same: Vec<(&String, &String)> = domains
            .iter()
            .flat_map(|domain| theirs.iter().map(move |other| (domain, other)))
            .filter(|(domain, other)| is_same_request(domain, other))
            .collect();
        // The rest is asked for those alone that have a name in common, which are next to none.
        if same.is_empty() || !vhosts::is_enabled(ctx.layout(), &owner)? {
            continue;
        }
        let own = match own_ports.take() {
            Some(own) => own,
            None => ports(ctx, app).await?,
        };
        let is_apart = own.is_disjoint(&ports(ctx, &owner).await?);
        own_ports = Some(own);
        if !is_apart {
            found.extend(same.into_iter().map(|(domain, other)| Taken {
                domain: domain.clone(),
                theirs: other.clone(),
                owner: owner.clone(),
            }));
        }
    }
    Ok(found)
}

/// The ports that an app answers on.
async fn ports(ctx: &Ctx, app: &AppName) -> Result<BTreeSet<u16>> {
    let answer = ctx.fire(triggers::PortsGet { app: app.clone(), format: String::new() }).await?;
    Ok(port_map::stored(&answer).iter().map(|map| map.host_port).collect())
}
