use crate::domains::network::address;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// The address of a container that the proxy can use.
pub struct Address;

impl Reaction for Address {
    type Trigger = triggers::NetworkGetIpaddr;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let address = address::of(ctx, &trigger.app, &trigger.process_type, &trigger.container).await?;
        Ok(format!("{address}\n"))
    }
}
