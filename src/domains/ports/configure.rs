//! The ports that the proxy listens on for an app, decided once and stored.

use super::read;
use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::model::Scope;
use crate::platform::listening;
use crate::store::ports::{self, ProxyPort};
use crate::triggers;

/// Decides what is not decided yet: the global port or the usual one; without domains a free one of the app's own.
///
/// # Errors
/// When it cannot be stored.
pub async fn configure(ctx: &Ctx, app: &AppName) -> Result {
    let has_domains = ctx.fire(triggers::DomainsVhostEnabled { app: app.clone() }).await.is_ok();
    if ports::own_proxy_port(ctx.layout(), &app.into(), ProxyPort::Plain)?.is_none() {
        let port = if has_domains {
            shared(ctx, ProxyPort::Plain)?
        } else {
            ctx.out.step("No port set, setting to random open high port");
            let port = listening::free_port(ctx.platform.random.as_ref());
            ctx.out.step(format!("Random port {port}"));
            port
        };
        settle(ctx, app, ProxyPort::Plain, port)?;
    }
    let is_open = ports::own_proxy_port(ctx.layout(), &app.into(), ProxyPort::Tls)?.is_none();
    if is_open && read::has_certificate(ctx, app).await? {
        let port = if has_domains {
            shared(ctx, ProxyPort::Tls)?
        } else {
            ctx.out.step("No ssl port set, setting to random open high port");
            listening::free_port(ctx.platform.random.as_ref())
        };
        settle(ctx, app, ProxyPort::Tls, port)?;
    }
    Ok(())
}

fn shared(ctx: &Ctx, port: ProxyPort) -> Result<u16> {
    Ok(ports::own_proxy_port(ctx.layout(), &Scope::Global, port)?.unwrap_or(port.usual()))
}

fn settle(ctx: &Ctx, app: &AppName, port: ProxyPort, value: u16) -> Result {
    ports::set_proxy_port(ctx.layout(), app, port, Some(value))?;
    if port == ProxyPort::Plain && value != port.usual() {
        ports::move_detected(ctx.layout(), app, port.usual(), value)?;
    }
    Ok(())
}
