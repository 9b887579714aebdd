use crate::kernel::{Ctx, Reaction, Result};
use crate::model::{PortMap, PortScheme};
use crate::store::ports::{self, ProxyPort};
use crate::triggers;

/// Adds https on port 443 beside http on port 80, where the user has set mappings.
pub struct WithTls;

impl Reaction for WithTls {
    type Trigger = triggers::PostCertsUpdate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        for port in [ProxyPort::Plain, ProxyPort::Tls] {
            if ports::own_proxy_port(ctx.layout(), &app.into(), port)? == Some(port.usual()) {
                ports::set_proxy_port(ctx.layout(), app, port, None)?;
            }
        }
        let _lock = ports::locked(ctx.layout(), app)?;
        let mut maps = ports::user(ctx.layout(), app)?;
        let at = |maps: &[PortMap], scheme, host_port| {
            let is_it = |map: &&PortMap| map.scheme == scheme && map.host_port == host_port && map.is_whole();
            maps.iter().find(is_it).cloned()
        };
        if at(&maps, PortScheme::Https, 443).is_some() {
            return Ok(());
        }
        let Some(plain) = at(&maps, PortScheme::Http, 80) else { return Ok(()) };
        maps.push(PortMap { scheme: PortScheme::Https, host_port: 443, ..plain });
        Ok(ports::set_user(ctx.layout(), app, &maps)?)
    }
}
