use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::ports::{self, ProxyPort};
use crate::store::properties;
use crate::triggers;

/// The effective port of the proxy for an app; any other key as it is stored.
pub struct Property;

impl Reaction for Property {
    type Trigger = triggers::PortsGetProperty;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let known = [ProxyPort::Plain, ProxyPort::Tls].into_iter().find(|port| port.key() == trigger.key);
        let value = match known {
            Some(port) => ports::proxy_port(ctx.layout(), &trigger.app, port)?.unwrap_or(0).to_string(),
            None => {
                let scope = Scope::from(&trigger.app);
                properties::get(ctx.layout(), "ports", &scope, &trigger.key)?.unwrap_or_default()
            }
        };
        Ok(format!("{value}\n"))
    }
}
