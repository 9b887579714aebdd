use crate::kernel::{Ctx, Reaction, Result};
use crate::model::PortScheme;
use crate::store::ports::{self, ProxyPort};
use crate::triggers;

/// Takes away what stands for https alone.
pub struct WithoutTls;

impl Reaction for WithoutTls {
    type Trigger = triggers::PostCertsRemove;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        ports::set_proxy_port(ctx.layout(), app, ProxyPort::Tls, None)?;
        let _lock = ports::locked(ctx.layout(), app)?;
        let mut maps = ports::user(ctx.layout(), app)?;
        maps.retain(|map| map.scheme != PortScheme::Https || map.host_port != 443 || !map.is_whole());
        Ok(ports::set_user(ctx.layout(), app, &maps)?)
    }
}
