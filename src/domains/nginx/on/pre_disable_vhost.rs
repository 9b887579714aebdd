use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::AppName;
use crate::model::port_map::{self, PortMap, PortScheme};
use crate::store::ports::{self, ProxyPort};
use crate::triggers;

/// Without names an app cannot share a port with others: it leaves 80 and 443 and gets ports of its own.
pub struct LeaveSharedPort;

impl Reaction for LeaveSharedPort {
    type Trigger = triggers::PreDisableVhost;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        if !build::is_ours(ctx, app).await? {
            return Ok(());
        }
        for port in [ProxyPort::Plain, ProxyPort::Tls] {
            if ports::own_proxy_port(ctx.layout(), &app.into(), port)? == Some(port.usual()) {
                ports::set_proxy_port(ctx.layout(), app, port, None)?;
            }
        }
        forget_shared(ctx, app).await
    }
}

/// Drops the user's mappings when one of them stands on a shared port. What container port led there stays
/// known as detected, since the containers go on listening on it.
///
/// # Errors
/// When the lists cannot be read or written.
pub async fn forget_shared(ctx: &Ctx, app: &AppName) -> Result {
    let layout = ctx.layout();
    let is_shared = |map: &PortMap| match map.scheme {
        PortScheme::Http => map.host_port == 80,
        PortScheme::Https => map.host_port == 443,
        PortScheme::Grpc | PortScheme::Grpcs | PortScheme::Tcp | PortScheme::TlsTcp | PortScheme::Udp => {
            false
        }
    };
    let user = ports::user(layout, app)?;
    if !user.iter().any(is_shared) {
        return Ok(());
    }
    let plain = user.iter().find(|map| is_shared(map)).map(|map| PortMap::http(80, map.container_port));
    ctx.fire(triggers::PortsClear { app: app.clone() }).await?;
    let _lock = ports::locked(layout, app)?;
    let detected: Vec<PortMap> = plain.into_iter().collect();
    ctx.out.debug(format!("{app}: mappings are now {}", port_map::sorted(&detected).join(" ")));
    Ok(ports::set_detected(layout, app, &detected)?)
}
