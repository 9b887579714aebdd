//! A first look at a fixed upstream: who sets one hears at once when nothing answers there.

use std::time::Duration;

use super::listeners::{fixed, fixed_from_here, host_of, is_loopback, port_of};
use crate::deploy::networks;
use crate::kernel::{BoxFuture, Ctx, Result};
use crate::model::{AppName, Scope};
use crate::platform::probe;
use crate::store::own_place;

/// How long somebody may take to accept.
const PATIENCE: Duration = Duration::from_secs(1);

/// What follows the change of a property.
pub fn after_set(ctx: Ctx, scope: Scope, key: &'static str, value: String) -> BoxFuture<Result> {
    Box::pin(async move {
        match scope.app() {
            Some(app) if key == "static-web-listener" && !value.is_empty() => look(&ctx, app).await,
            _ => Ok(()),
        }
    })
}

/// Joins the network that the upstream stands in, if it is one of the engine's, and says when nothing answers: that is
/// no error, for the service may come later.
async fn look(ctx: &Ctx, app: &AppName) -> Result {
    let (said, meant) = (fixed(ctx, app)?, fixed_from_here(ctx, app)?);
    networks::reach_address(ctx, app, host_of(&meant)).await?;
    let Some(port) = port_of(&meant) else { return Ok(()) };
    if probe::accepts(host_of(&meant), port, PATIENCE).await {
        return Ok(());
    }
    ctx.out.warn(format!("Nothing answers at {said} yet"));
    let is_elsewhere = own_place::read(ctx.layout())?.is_some_and(|place| !place.is_on_host());
    if is_elsewhere && is_loopback(host_of(&said)) {
        let host = host_of(&meant);
        ctx.out.warn(format!(
            "It means the Docker host, which is {host} as seen from the appliance's container"
        ));
        ctx.out.warn(format!(
            "A service that listens on the host's own loopback address cannot be reached from there: \
             let it listen on {host} or 0.0.0.0, and let the host's firewall pass port {port}"
        ));
    }
    Ok(())
}
