//! Whose a port is: what HTTP does not share has one owner.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::port_map::{self, Conflict, PortMap, PortScheme};
use crate::model::{AppName, is_same_request};
use crate::store::{apps, ports};
use crate::triggers;

/// Ports that the appliance itself listens on, and what for.
const OWN: [(u16, &str); 3] = [(22, "SSH"), (18080, "its health"), (18081, "the proxy's own state")];

/// Where the proxy speaks HTTP, whatever apps there are.
const HTTP: [u16; 2] = [80, 443];

/// Refuses new mappings that cannot be served beside the app's others, or beside another app's.
///
/// # Errors
/// Naming the mapping, and whose the port is.
pub async fn require_free(ctx: &Ctx, app: &AppName, new: &[PortMap], all: &[PortMap]) -> Result {
    for map in new {
        require_not_own(map)?;
        let clash =
            |other: &&PortMap| *other != map && port_map::conflict((map, &[]), (other, &[])).is_some();
        if let Some(other) = all.iter().find(clash) {
            return Err(Failure::user(format!("Port {} is mapped already: {other}", map.host_port))
                .hint(format!("{map} and {other} cannot both be served")));
        }
    }
    for other in apps::all(ctx.layout())? {
        if other != *app {
            require_free_of(ctx, app, new, &other).await?;
        }
    }
    Ok(())
}

fn require_not_own(map: &PortMap) -> Result {
    let (port, is_tcp) = (map.host_port, map.scheme != PortScheme::Udp);
    if let Some((_, what)) = OWN.iter().find(|(own, _)| is_tcp && *own == port) {
        return Err(Failure::user(format!("Port {port} is the appliance's own, for {what}: {map}"))
            .hint("choose another host port"));
    }
    if is_tcp && map.scheme.is_stream() && HTTP.contains(&port) {
        return Err(Failure::user(format!("The proxy speaks HTTP on port {port}: {map}"))
            .hint("choose another host port"));
    }
    Ok(())
}

async fn require_free_of(ctx: &Ctx, app: &AppName, new: &[PortMap], other: &AppName) -> Result {
    let mut theirs = ports::user(ctx.layout(), other)?;
    if !theirs.iter().any(PortMap::is_whole) {
        // What a build found is served over HTTP alone.
        theirs
            .extend(ports::detected(ctx.layout(), other)?.into_iter().filter(|map| !map.scheme.is_stream()));
    }
    for map in new {
        for their in &theirs {
            let Some(mut conflict) = port_map::conflict((map, &[]), (their, &[])) else { continue };
            if conflict == Conflict::Names {
                let names = [names(ctx, app).await?, names(ctx, other).await?];
                match port_map::conflict((map, &names[0]), (their, &names[1])) {
                    None => continue,
                    Some(found) => conflict = found,
                }
            }
            let hint = match conflict {
                Conflict::Port => {
                    "only http, https, grpc, grpcs and tls+tcp share a port among apps, by domain"
                }
                Conflict::Names => "a port of tls+tcp is shared by domains: each app needs its own",
            };
            let port = map.host_port;
            return Err(Failure::user(format!("Port {port} belongs to {other} ({their}): {map}")).hint(hint));
        }
    }
    require_names_of_its_own(ctx, app, new, other, &theirs).await
}

/// HTTP shares a port by domain: on one that both apps answer on, none may be the other's as well.
async fn require_names_of_its_own(
    ctx: &Ctx,
    app: &AppName,
    new: &[PortMap],
    other: &AppName,
    theirs: &[PortMap],
) -> Result {
    let is_shared = |map: &&PortMap| {
        let same = |their: &PortMap| their.host_port == map.host_port && !their.scheme.is_stream();
        !map.scheme.is_stream() && theirs.iter().any(same)
    };
    let Some(map) = new.iter().find(is_shared) else { return Ok(()) };
    let [own, others] = [names(ctx, app).await?, names(ctx, other).await?];
    let Some(name) = own.iter().find(|own| others.iter().any(|name| is_same_request(own, name))) else {
        return Ok(());
    };
    let port = map.host_port;
    Err(Failure::user(format!(
        "{name} is a domain of app {other} already, which answers on port {port} too: {map}"
    ))
    .hint(format!(
        "Give one of them another port, or take the domain away: dokku domains:remove {app} {name}"
    )))
}

async fn names(ctx: &Ctx, app: &AppName) -> Result<Vec<String>> {
    ctx.fire(triggers::DomainsList { app: app.clone() }).await
}
