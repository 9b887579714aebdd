//! Containers join the networks that the app's properties name.

use crate::deploy::switch::Live;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::run_plan::{NetworkJoin, RunPlan};
use crate::model::{AppName, ProcessType};
use crate::store::properties;

use super::is_user_defined;

/// Whose properties these are.
const PLUGIN: &str = "network";

/// A container that is to join networks.
pub struct Guest<'a> {
    /// Its app.
    pub app: &'a AppName,
    /// Its id.
    pub id: &'a str,
    /// Its process type, for one that serves: others find it under `APP.PROC`. Without, it has no name there.
    pub serves_as: Option<&'a ProcessType>,
}

/// The networks that this property names: `attach-post-create` or `attach-post-deploy`.
///
/// # Errors
/// When the property cannot be read.
pub fn attached(ctx: &Ctx, app: &AppName, key: &str) -> Result<Vec<String>> {
    let names = properties::computed(ctx.layout(), PLUGIN, &app.into(), key, "")?;
    Ok(names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// Lets a container join the networks it is not in yet.
///
/// # Errors
/// The first network that cannot be joined, by name.
pub async fn attach(ctx: &Ctx, guest: &Guest<'_>, networks: &[String]) -> Result {
    let docker = &ctx.platform.docker;
    let found = docker.inspect_container(guest.id).await?;
    let mut aliases = Vec::new();
    if let Some(process_type) = guest.serves_as {
        let alias = alias(ctx, guest.app, process_type)?;
        aliases.push(format!("{}.{alias}", found.config.hostname));
        aliases.insert(0, alias);
    }
    for network in networks.iter().filter(|network| !found.networks().contains_key(*network)) {
        let join = NetworkJoin { aliases: aliases.clone(), ..NetworkJoin::named(network.clone()) };
        if let Err(error) = docker.connect_network(&join, guest.id).await {
            return Err(if error.is_not_found() {
                missing(network)
            } else {
                Failure::user(format!("Unable to attach container to network {network}: {error}"))
            });
        }
    }
    Ok(())
}

/// A network that is named somewhere and is not there.
pub fn missing(network: &str) -> Failure {
    Failure::user(format!("Network {network} does not exist"))
        .hint(format!("Make it again (network:create {network}), or name another one (network:set)"))
}

/// Lets containers that passed their checks join the networks of `attach-post-deploy`, before anything turns to them.
///
/// # Errors
/// When one of them cannot join: which container and which network is said, and whatever serves goes on serving.
pub async fn attach_late(ctx: &Ctx, app: &AppName, live: &[Live]) -> Result {
    let mut left_out = 0;
    for network in attached(ctx, app, "attach-post-deploy")? {
        ctx.out.unless_quiet().step(format!("Associating app with network {network}"));
        for one in live {
            let guest = Guest { app, id: &one.id, serves_as: Some(&one.dyno.process_type) };
            if let Err(failure) = attach(ctx, &guest, std::slice::from_ref(&network)).await {
                let short = one.id.get(..12).unwrap_or(&one.id);
                ctx.out.warn(format!("{} of {app} ({short}) is not in network {network}", one.dyno));
                failure.print(&ctx.out);
                left_out += 1;
            }
        }
    }
    match left_out {
        0 => Ok(()),
        _ => Err(Failure::user(format!("The new release of {app} is not in all of its networks"))
            .hint("What served before serves on")
            .hint(format!("Change them (network:set {app} attach-post-deploy …) and deploy again"))),
    }
}

/// Gives a container its name in each network that it is made in.
///
/// # Errors
/// When the property `tld` cannot be read.
pub fn add_aliases(ctx: &Ctx, app: &AppName, process_type: &ProcessType, plan: &mut RunPlan) -> Result {
    if !plan.network.iter().any(|join| is_user_defined(&join.name)) {
        return Ok(());
    }
    let alias = alias(ctx, app, process_type)?;
    for join in plan.network.iter_mut().filter(|join| is_user_defined(&join.name)) {
        if !join.aliases.contains(&alias) {
            join.aliases.push(alias.clone());
        }
    }
    Ok(())
}

/// `APP.PROC[.TLD]`.
fn alias(ctx: &Ctx, app: &AppName, process_type: &ProcessType) -> Result<String> {
    let tld = properties::computed(ctx.layout(), PLUGIN, &app.into(), "tld", "")?;
    Ok(match tld.as_str() {
        "" => format!("{app}.{process_type}"),
        tld => format!("{app}.{process_type}.{tld}"),
    })
}
