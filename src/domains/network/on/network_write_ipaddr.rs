use crate::kernel::{Ctx, Reaction, Result};
use crate::store::addresses;
use crate::triggers;

/// Remembers the address of a container.
pub struct Write;

impl Reaction for Write {
    type Trigger = triggers::NetworkWriteIpaddr;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let triggers::NetworkWriteIpaddr { app, process_type, index, address } = trigger;
        Ok(addresses::write_address(ctx.layout(), app, process_type, *index, address)?)
    }
}
