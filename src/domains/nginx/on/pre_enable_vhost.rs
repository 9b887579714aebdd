use super::pre_disable_vhost::forget_shared;
use crate::domains::nginx::build;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::ports::{self, ProxyPort};
use crate::triggers;

/// With names an app shares the usual ports again: its own ones are given up.
pub struct TakeSharedPort;

impl Reaction for TakeSharedPort {
    type Trigger = triggers::PreEnableVhost;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        if !build::is_ours(ctx, app).await? {
            return Ok(());
        }
        if let Some(own) = ports::own_proxy_port(ctx.layout(), &app.into(), ProxyPort::Plain)? {
            ports::move_detected(ctx.layout(), app, own, ProxyPort::Plain.usual())?;
        }
        for port in [ProxyPort::Plain, ProxyPort::Tls] {
            ports::set_proxy_port(ctx.layout(), app, port, None)?;
        }
        forget_shared(ctx, app).await
    }
}
